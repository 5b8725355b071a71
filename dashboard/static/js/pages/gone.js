/**
 * The page that stands in the place of a screen that is no more: the shell looks for the screen again from time to time.
 * @module
 */

import { started } from "../shell.js";

void started(Promise.resolve(), true);
