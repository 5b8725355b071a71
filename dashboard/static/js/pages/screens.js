/**
 * The registry of screens.
 * @module
 */

import { Room } from "../control/room.js";
import { ScreensView } from "../control/screens.js";
import { data } from "../lib/page.js";

const room = new Room();
const found = /** @type {wire.RegistryData} */ (data("screens"));
if (Object.keys(room.accounts).length === 0) room.accounts = found.names;
const view = new ScreensView(room, found);
room.follow(found.topic, view.store);
room.start(() => view.paint());
