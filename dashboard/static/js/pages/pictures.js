/**
 * The page of pictures.
 * @module
 */

import { PicturesView } from "../control/pictures.js";
import { Room } from "../control/room.js";

const room = new Room();
const view = new PicturesView(room);
room.start(() => view.paint());
