/**
 * The page of overlays: each as a card, what it is to say, how it would look.
 * @module
 */

import { OverlayDesk } from "../control/overlay_desk.js";
import { Room } from "../control/room.js";

const room = new Room();
const desk = new OverlayDesk(room);
room.start(() => desk.paint());
