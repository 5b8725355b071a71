/**
 * A link of the stage that is opened where its page stands already: its key goes to the server in a form alone.
 * @module
 */

/** Open the link whose key stands behind the #, now and whenever another one comes there. */
export function openLink() {
  const open = () => {
    const { hash, pathname, search } = window.location;
    if (hash.length < 2) return;
    // Neither the way back nor the history is to show it.
    window.history.replaceState(null, "", pathname + search);
    const form = document.createElement("form");
    const field = document.createElement("input");
    form.method = "post";
    form.action = pathname + search;
    form.hidden = true;
    field.name = "token";
    field.value = hash.slice(1);
    form.append(field);
    document.body.append(form);
    form.submit();
  };
  window.addEventListener("hashchange", open);
  open();
}
