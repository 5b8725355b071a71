/**
 * Making elements, and lists that keep theirs: what is under a pointer is not replaced while it is pressed.
 * @module
 */

/**
 * @param {string} tag
 * @param {string} [className]
 * @param {string | (Node | null)[]} [content] a text, or children
 * @returns {HTMLElement}
 */
export function el(tag, className = "", content = []) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (typeof content === "string") made.textContent = content;
  else for (const child of content) if (child) made.append(child);
  return made;
}

/**
 * @param {string} text
 * @param {() => void} press
 * @param {string} [className]
 * @returns {HTMLButtonElement}
 */
export function button(text, press, className = "") {
  const made = /** @type {HTMLButtonElement} */ (el("button", className, text));
  made.type = "button";
  made.addEventListener("click", press);
  return made;
}

/** Writes a text only where it differs. @param {Element} element @param {string} text */
export function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** Shows or hides an element, and touches it only where that changes. @param {HTMLElement} element @param {boolean} isShown */
export function show(element, isShown) {
  if (element.hidden === isShown) element.hidden = !isShown;
}

/** Sets an attribute only where it differs. @param {Element} element @param {string} name @param {string} value */
export function mark(element, name, value) {
  if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}

/**
 * @template T
 * @typedef {{element: HTMLElement, set: (item: T) => void}} View
 */

/**
 * A list whose items keep their elements by key; the elements stand in the order of the items.
 * @template T
 */
export class List {
  /**
   * @param {HTMLElement} container
   * @param {(item: T) => string} key
   * @param {(item: T) => View<T>} make `set` is called once more, with the item, right after
   */
  constructor(container, key, make) {
    this.container = container;
    this.key = key;
    this.make = make;
    /** @type {Map<string, View<T>>} */
    this.views = new Map();
  }

  /** Whether an item has its element. @param {T} item @returns {boolean} */
  has(item) {
    return this.views.has(this.key(item));
  }

  /** Items that have theirs, in the order in which they stand. @param {readonly T[]} items @returns {T[]} */
  inOrder(items) {
    const at = new Map([...this.views.keys()].map((key, index) => [key, index]));
    return [...items].sort((one, other) => (at.get(this.key(one)) ?? 0) - (at.get(this.key(other)) ?? 0));
  }

  /** @param {readonly T[]} items */
  set(items) {
    /** @type {Map<string, View<T>>} */
    const kept = new Map();
    for (const item of items) {
      const key = this.key(item);
      const view = this.views.get(key) ?? this.make(item);
      view.set(item);
      kept.set(key, view);
    }
    for (const [key, view] of this.views) if (kept.get(key) !== view) view.element.remove();
    this.views = kept;
    let at = this.container.firstElementChild;
    for (const { element } of kept.values()) {
      if (element === at) at = at.nextElementSibling;
      else this.container.insertBefore(element, at);
    }
  }
}
