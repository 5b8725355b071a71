/*
 * Looks at a page, one animation frame after the other: whether anything of the picture is between two values, and what
 * it shows. For frames that are played (played.js) and for those of a real browser alike.
 */
(() => {
  /** What goes away (old digits, a line that leaves), what tells of the beat before, and what was chosen at the take. */
  const GONE = '.was, [hidden], [aria-hidden="true"], .going, .row .mark, .legend';
  let isWritten = false;
  /** Whether something has another value now; what is written again as it stands is no change. */
  const isChange = ({ type, target, attributeName, oldValue }) => {
    if (type === "attributes") return target.getAttribute(attributeName) !== oldValue;
    return type === "childList" || target.data !== oldValue;
  };
  const changes = new MutationObserver((records) => {
    isWritten ||= records.some(isChange);
  });
  let texts = "";

  /** Every text of the picture's parts, each line under its unit, whatever the order in which lines stand. */
  const read = () => {
    const parts = document.querySelectorAll("[data-part]");
    const said = [];
    for (const part of parts.length ? parts : [document.querySelector("main")]) {
      const lines = new Map();
      const walker = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
      for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const owner = node.parentElement;
        if (owner.closest(`${GONE}, title, script`) || !node.data.trim()) continue;
        const unit = owner.closest("[data-code]")?.dataset.code ?? "";
        // A number that has rolled stands in pieces.
        lines.set(unit, `${lines.get(unit) ?? ""}${node.data.replace(/\s/g, "")}`);
      }
      said.push([part.dataset.part ?? "page", [...lines].sort(([one], [other]) => (one < other ? -1 : 1))]);
    }
    return JSON.stringify(said);
  };

  /** The largest number of the picture: its text, where its ink begins, and how wide it is. */
  const lead = () => {
    const shown = [...document.querySelectorAll("main .num")].filter((one) => one.getClientRects().length);
    const sized = shown.map((one) => [parseFloat(getComputedStyle(one).fontSize), one]);
    const largest = sized.sort(([one], [other]) => other - one)[0]?.[1];
    if (!largest) return null;
    const range = document.createRange();
    range.selectNodeContents(largest);
    const boxes = [...range.getClientRects()].filter((box) => box.width > 0);
    const left = Math.min(...boxes.map((box) => box.left));
    const copy = largest.cloneNode(true);
    copy.querySelectorAll(".was").forEach((one) => one.remove());
    return { text: copy.textContent, left, width: Math.max(...boxes.map((box) => box.right)) - left };
  };

  const isActive = (animation) => {
    const { delay, endTime } = animation.effect.getComputedTiming();
    const time = animation.currentTime;
    return animation.playState !== "finished" && animation.playState !== "idle" && time >= delay && time < endTime;
  };

  window.rest = {
    begin() {
      changes.observe(document.body, {
        subtree: true, childList: true, characterData: true, attributes: true, attributeOldValue: true, characterDataOldValue: true,
      });
      texts = read();
    },
    read,
    /**
     * Look at every animation frame for so long, in real time.
     * @param {number} ms
     * @returns {Promise<{frames: number, moving_ms: number, ms: number, longest_rest_ms: number}>}
     */
    watch(ms) {
      this.begin();
      const seen = { frames: 0, moving_ms: 0, ms: 0, longest_rest_ms: 0 };
      let restMs = 0;
      return new Promise((done) => {
        let before = performance.now();
        const next = () => {
          const now = performance.now();
          const { moving, written } = this.look();
          seen.frames += 1;
          seen.ms += now - before;
          restMs = moving || written ? 0 : restMs + now - before;
          if (!restMs) seen.moving_ms += now - before;
          seen.longest_rest_ms = Math.max(seen.longest_rest_ms, restMs);
          before = now;
          if (seen.ms < ms) requestAnimationFrame(next);
          else done(seen);
        };
        requestAnimationFrame(next);
      });
    },
    /** One animation frame: what moves, whether the page was written to; the texts where they differ from before. */
    look() {
      const moving = document.getAnimations().filter(isActive).length;
      const written = isWritten || changes.takeRecords().some(isChange);
      isWritten = false;
      const before = texts;
      if (written) texts = read();
      return { moving, written, texts: texts === before ? null : texts, lead: lead() };
    },
  };
})();
