/**
 * A page of the control room whose content does not change, below totals that are live.
 * @module
 */

import { Room } from "../control/room.js";

new Room().start();
