/**
 * Whether a page is still of its server's release, contest and store. Pure.
 * @module
 */

/** @typedef {{made: string, show: string}} Made what pages are made of, "contest-release", and the store they show */

/** @param {unknown} made @param {unknown} show @returns {Made | null} null if it is not told */
export function madeOf(made, show) {
  return typeof made === "string" && typeof show === "string" && made !== "" ? { made, show } : null;
}

/**
 * Whether something else is told than was known; where either says nothing, it is not.
 * @param {Made | null} known
 * @param {Made | null} told
 * @returns {boolean}
 */
export function isOther(known, told) {
  return known !== null && told !== null && (known.made !== told.made || known.show !== told.show);
}

export class Making {
  /**
   * @param {Made | null} own null: the page does not say, so it never is old
   * @param {(heard: Made, isOld: boolean) => void} changed called when what is heard is not what was heard before
   * @param {{hasOwnStore?: boolean}} [page] whether the page shows the store of an output, which changes in place
   */
  constructor(own, changed, { hasOwnStore = false } = {}) {
    this.own = own;
    this.changed = changed;
    this.hasOwnStore = hasOwnStore;
    /** @type {Made | null} */
    this.heard = own;
  }

  /** @param {Made} said */
  hear(said) {
    const told = this.hasOwnStore && this.own !== null ? { ...said, show: this.own.show } : said;
    if (!isOther(this.heard, told)) return;
    this.heard = told;
    this.changed(told, this.isOld);
  }

  /** Whether pages are made of something else now, or show another store. @returns {boolean} */
  get isOld() {
    return isOther(this.own, this.heard);
  }

  /** Whether frames are of this page's contest: with other units they would not add up here. @returns {boolean} */
  get fits() {
    return contestOf(this.own) === contestOf(this.heard);
  }
}

/** @param {Made | null} made @returns {string} */
const contestOf = (made) => (made === null ? "" : made.made.split("-")[0] ?? "");
