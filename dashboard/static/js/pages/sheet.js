/**
 * The printed sheet: its button prints it.
 * @module
 */

import { one } from "../lib/page.js";
import { started } from "../shell.js";

one("[data-print]").addEventListener("click", () => window.print());
void started();
