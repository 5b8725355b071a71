/**
 * The sources, with all that is known of each.
 * @module
 */

import { AlarmsView } from "../control/alarms.js";
import { Room } from "../control/room.js";
import { SourcesView } from "../control/sources.js";

const room = new Room();
const views = [new SourcesView(room, true), new AlarmsView(room)];
room.start(...views.map((view) => () => view.paint()));
