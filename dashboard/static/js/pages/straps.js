/**
 * The page of people's straps.
 * @module
 */

import { Room } from "../control/room.js";
import { StrapFileView } from "../control/strap_file.js";
import { StrapsView } from "../control/straps.js";
import { data } from "../lib/page.js";

const room = new Room();
const found = /** @type {wire.StrapsData} */ (data("straps"));
room.accounts = found.names;
const view = new StrapsView(room, found);
if (found.may_edit) new StrapFileView(room, () => view.load());
room.start();
document.addEventListener("visibilitychange", () => {
  // Somebody else may have edited or approved meanwhile.
  if (document.visibilityState === "visible") void view.load();
});
