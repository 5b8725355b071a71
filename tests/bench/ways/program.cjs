// What the ways written for Node share; program.py says the same for those in Python.
"use strict";

const NO_STAMP = "0".repeat(19);

/** What this process is told on its command line. */
exports.task = () => ({ port: Number(process.argv[2]), hz: Number(process.argv[3]), text: process.argv[4] });

/** From the word to begin to the end of standard input: send a message each time that one is due. */
exports.publish = (given, send) => {
  const [head, tail] = given.text.split(NO_STAMP);
  process.stdin.once("data", () => {
    const began_ms = performance.now();
    let sent = 0;
    const next = () => {
      sent += 1;
      setTimeout(() => {
        send(head + String(process.hrtime.bigint()).padStart(NO_STAMP.length, "0") + tail);
        next();
      }, Math.max(0, began_ms + (sent * 1000) / given.hz - performance.now()));
    };
    next();
  });
  process.stdin.on("end", () => process.exit(0));
};
