/**
 * The page of pictures.
 * @module
 */

import { PicturesView } from "../control/pictures.js";
import { Room } from "../control/room.js";
import { RundownFileView } from "../control/rundown_file.js";

const room = new Room();
const view = new PicturesView(room);
new RundownFileView(room);
room.start(() => view.paint());
