/**
 * The page of takes: what is on air, and every scene as a button.
 * @module
 */

import { ProgramView } from "../control/program.js";
import { Room } from "../control/room.js";

const room = new Room();
const view = new ProgramView(room);
room.start(() => view.paint());
