/**
 * What a playout host (OBS, CasparCG, SPX) calls on an overlay's page: update, play, stop, next, remove. It stands inline in
 * the shell of an overlay, before everything else, so that a call that comes first is kept; the page in the frame is told what
 * stands, whenever that changes and whenever a page asks. What a host says is of this renderer alone and never reaches the
 * output.
 * @module
 */

/**
 * What a host has said by now: `playing` is whether it plays, `data` what it gave last, `woken` counts how often its source
 * came into sight; with `still` what it said last is shown without motion. `faults` are what was wrong with its calls since
 * that was told last.
 * @typedef {{diemCau: "host", playing: boolean, data: Record<string, unknown>, woken: number, still: boolean, faults: HostFault[]}} HostState
 * @typedef {{code: "host_data" | "host_removed", what: string}} HostFault
 */

/** The longest data that are read, in characters: a strap is some hundred. */
const UPDATE_CHARS_MAX = 20_000;
const CALLS = ["update", "play", "stop", "next", "remove", "see"];
/** The most fields that are read of one update. */
const FIELDS_MAX = 50;
/** Faults that are kept until a page hears them; later ones are lost. */
const FAULTS_MAX = 5;

/**
 * The data of an update: JSON, or the <templateData> of CasparCG; null for what is neither, is too long, or has more to it
 * than data (XML that defines entities).
 * @param {unknown} given
 * @returns {Record<string, unknown> | null}
 */
function dataOf(given) {
  if (typeof given !== "string") return recordOf(given);
  if (given.length > UPDATE_CHARS_MAX) return null;
  const text = given.trim();
  if (text === "") return {};
  if (text.startsWith("<")) return ofXml(text);
  try {
    return recordOf(JSON.parse(text));
  } catch {
    return null;
  }
}

/** Why data cannot be read, in a word. @param {unknown} given @returns {string} */
function unread(given) {
  if (typeof given !== "string") return "fields";
  if (given.length > UPDATE_CHARS_MAX) return "long";
  const text = given.trim();
  if (text.startsWith("<")) return "xml";
  try {
    JSON.parse(text);
    return "fields";
  } catch {
    return "json";
  }
}

/** @param {unknown} read @returns {Record<string, unknown> | null} */
function recordOf(read) {
  if (typeof read !== "object" || read === null || Array.isArray(read)) return null;
  const fields = Object.entries(read).filter(([, value]) => isPlain(value) || (Array.isArray(value) && value.every(isPlain)));
  return fields.length > FIELDS_MAX ? null : Object.fromEntries(fields);
}

/** @param {unknown} value @returns {boolean} */
function isPlain(value) {
  return ["string", "number", "boolean"].includes(typeof value);
}

/**
 * `<templateData><componentData id="name"><data id="text" value="Nguyễn Văn A"/></componentData></templateData>`
 * @param {string} text
 * @returns {Record<string, unknown> | null}
 */
function ofXml(text) {
  if (/<!/.test(text)) return null;
  const read = new DOMParser().parseFromString(text, "text/xml");
  if (read.documentElement.nodeName !== "templateData" || read.getElementsByTagName("parsererror").length > 0) return null;
  /** @type {Record<string, unknown>} */
  const found = {};
  for (const component of read.getElementsByTagName("componentData")) {
    const name = component.getAttribute("id");
    const value = component.getElementsByTagName("data")[0]?.getAttribute("value");
    if (name && value !== null && value !== undefined) found[name] = value;
  }
  return Object.keys(found).length > FIELDS_MAX ? null : found;
}

class Host {
  /** @param {string} search of the shell's own address */
  constructor(search) {
    /** @type {HostState} */
    this.state = { diemCau: "host", playing: new URLSearchParams(search).get("wait") !== "1", data: {}, woken: 0, still: false, faults: [] };
    /** Whether it was taken away, and has been given nothing since. */
    this.isGone = false;
    this.tell = () => {};
  }

  /** @param {Partial<HostState>} change */
  become(change) {
    Object.assign(this.state, change);
    this.tell();
  }

  /** What a call asked changes nothing. @param {HostFault} fault */
  complain(fault) {
    if (this.state.faults.length < FAULTS_MAX) this.become({ faults: [...this.state.faults, fault] });
  }

  /** Whether a call comes after the overlay was taken away, which is a fault of the call. @param {string} name @returns {boolean} */
  isLate(name) {
    if (this.isGone) this.complain({ code: "host_removed", what: name });
    return this.isGone;
  }

  /** Say something else; what cannot be read changes nothing. @param {unknown} given @param {unknown} [how] "still": without motion */
  update(given, how) {
    // SPX says so of a template without fields.
    if (given === undefined) return;
    const data = dataOf(given);
    if (data === null) {
      this.complain({ code: "host_data", what: unread(given) });
      return;
    }
    // Given data it begins anew, as a host's own template does.
    this.isGone = false;
    this.become({ data, still: how === "still" });
  }

  /** @param {unknown} [how] */
  play(how) {
    if (!this.isLate("play")) this.become({ playing: true, still: how === "still" });
  }

  /** @param {unknown} [how] */
  stop(how) {
    if (!this.isLate("stop")) this.become({ playing: false, still: how === "still" });
  }

  /** No overlay has steps of a host's: its output goes on to them. */
  next() {
    this.isLate("next");
  }

  remove() {
    this.isGone = true;
    this.become({ playing: false, data: {} });
  }

  /** The source has come into sight: what its engine has slept through is jumped over. @param {unknown} isVisible */
  see(isVisible) {
    if (isVisible) this.become({ woken: this.state.woken + 1 });
  }
}

/** Let a host call it on a window. @param {any} page @param {Host} host */
function hear(page, host) {
  let isHeard = false;
  host.tell = () => {
    for (const frame of page.document.querySelectorAll("iframe")) frame.contentWindow?.postMessage(host.state, page.location.origin);
    // A page that comes later is told what stands, not what was wrong before.
    if (isHeard) host.state.faults = [];
  };
  page.addEventListener("message", (/** @type {MessageEvent} */ event) => {
    if (event.origin === page.location.origin && event.data?.diemCau === "hosted?") {
      isHeard = true;
      host.tell();
    }
    // Whoever frames the shell is its host: a page on the playout machine's disk (shim.js) hands on what that is called.
    if (event.source !== page.parent || event.data?.diemCau !== "call") return;
    const { name, given } = event.data;
    if (CALLS.includes(name) && Array.isArray(given)) /** @type {any} */ (host)[name](...given);
  });
  if (page.parent !== page) page.parent.postMessage({ diemCau: "there" }, "*");
  page.addEventListener("obsSourceVisibleChanged", (/** @type {CustomEvent} */ event) => host.see(event.detail?.visible));
  page.addEventListener("obsSourceActiveChanged", (/** @type {CustomEvent} */ event) => host.see(event.detail?.active));
  page.update = (/** @type {unknown} */ given) => host.update(given);
  page.play = () => host.play();
  page.stop = () => host.stop();
  page.next = () => host.next();
  page.remove = () => host.remove();
  page.SPXGCTemplateDefinition = JSON.parse(page.document.getElementById("spx")?.textContent ?? "{}");
}

if (typeof document !== "undefined") hear(window, new Host(window.location.search));
