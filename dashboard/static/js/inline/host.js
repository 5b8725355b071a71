/**
 * What a playout host calls on an overlay's page: update, play, stop, next, remove. It stands inline in the shell of an
 * overlay, before everything else, so that a call that comes first is kept; the page in the frame is told what stands,
 * whenever that changes and whenever a page asks. What a host says is of this renderer alone and never reaches the output.
 * @module
 */

/** @typedef {{diemCau: "host", playing: boolean, data: Record<string, unknown>, steps: number, plays: number, removed: boolean}} HostState */

class Host {
  /** @param {string} search of the shell's own address */
  constructor(search) {
    /** @type {HostState} */
    this.state = { diemCau: "host", playing: new URLSearchParams(search).get("wait") !== "1", data: {}, steps: 0, plays: 0, removed: false };
    this.tell = () => {};
  }

  /** @param {Partial<HostState>} change */
  become(change) {
    Object.assign(this.state, change);
    this.tell();
  }

  /** @param {unknown} given the data, as JSON */
  update(given) {
    try {
      const read = typeof given === "string" ? JSON.parse(given) : given;
      if (typeof read === "object" && read !== null && !Array.isArray(read)) this.become({ data: read });
    } catch {
      // What cannot be read changes nothing.
    }
  }

  play() {
    this.become({ playing: true, plays: this.state.plays + 1, removed: false });
  }

  stop() {
    this.become({ playing: false, steps: 0 });
  }

  next() {
    this.become({ steps: this.state.steps + 1 });
  }

  remove() {
    this.become({ playing: false, removed: true, steps: 0 });
  }
}

/** Let a host call it on a window. @param {any} page @param {Host} host */
function hear(page, host) {
  host.tell = () => {
    for (const frame of page.document.querySelectorAll("iframe")) frame.contentWindow?.postMessage(host.state, page.location.origin);
  };
  page.addEventListener("message", (/** @type {MessageEvent} */ event) => {
    if (event.origin === page.location.origin && event.data?.diemCau === "hosted?") host.tell();
  });
  page.update = (/** @type {unknown} */ given) => host.update(given);
  page.play = () => host.play();
  page.stop = () => host.stop();
  page.next = () => host.next();
  page.remove = () => host.remove();
  page.SPXGCTemplateDefinition = JSON.parse(page.document.getElementById("spx")?.textContent ?? "{}");
}

if (typeof document !== "undefined") hear(window, new Host(window.location.search));
