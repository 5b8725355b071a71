/**
 * The page Kiểm tra trước giờ phát.
 * @module
 */

import { ChecksView } from "../control/checks.js";
import { Room } from "../control/room.js";

const room = new Room();
const view = new ChecksView(room);
room.start(() => view.paint());
