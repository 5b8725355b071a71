/**
 * The control room: the units on air beside all that has arrived, alarms, sources, the gate.
 * @module
 */

import { AlarmsView } from "../control/alarms.js";
import { FactsView } from "../control/facts.js";
import { HoldsView } from "../control/holds.js";
import { Room } from "../control/room.js";
import { SourcesView } from "../control/sources.js";
import { UnitsView } from "../control/units.js";

const room = new Room();
const views = [new UnitsView(room), new AlarmsView(room), new SourcesView(room, false), new HoldsView(room), new FactsView(room)];
room.start(...views.map((view) => () => view.paint()));
