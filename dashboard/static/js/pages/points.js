/**
 * The page of the roll call.
 * @module
 */

import { RollCall } from "../control/roll_call.js";
import { RollList } from "../control/roll_list.js";
import { Room } from "../control/room.js";

const room = new Room();
const rollCall = new RollCall(room);
room.accounts = rollCall.data.names;
if (rollCall.data.may_tick) new RollList(rollCall);
room.start(() => rollCall.paint());
rollCall.choose(rollCall.codes[0] ?? null);
rollCall.box.focus();
