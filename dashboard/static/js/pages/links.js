/**
 * Links of the stage: one that was just made can be copied.
 * @module
 */

import { bindCopy } from "../control/copy_link.js";
import { Room } from "../control/room.js";

const room = new Room();
bindCopy(room);
room.start();
