/**
 * A page of the control room that is what it was when it was opened, below a program that is live.
 * @module
 */

import { Room } from "../control/room.js";

new Room().start();
