import assert from "node:assert/strict";
import test from "node:test";

import { wall } from "../../../dashboard/static/js/lib/wall.js";

test("a wall that asks for nothing is as all are", () => {
  for (const search of ["", "?safe=5", "?safe=5%25", "?offset=0", "?offset=0px", "?scene=test"]) assert.deepEqual(wall(search), {}, search);
});

test("what nobody can mean puts no error on the wall", () => {
  for (const value of ["", "x", "-3", "21", "1e9", "NaN", "5;}", "99999px", "calc(1px)", "٣", "5 5", "0x10"]) {
    assert.deepEqual(wall(`?safe=${encodeURIComponent(value)}`), {}, value);
  }
  for (const value of ["x", "41", "-1px", "12345px", "1.5px", "50%", "12vw", "1e1"]) {
    assert.deepEqual(wall(`?offset=${encodeURIComponent(value)}`), {}, value);
  }
});

test("a larger safe box holds the same picture, smaller", () => {
  const found = wall("?safe=9.5");
  assert.deepEqual([found["--vw"], found["--safe-x"], found["--lift"]], ["0.9vw", "9.5vw", "0px"]);
  assert.equal(found["--vh"], "calc((100vh - 0px - var(--band, 0px)) * 0.009000000000000001)");
});

test("a foot that people stand before is left out of the height", () => {
  assert.deepEqual([wall("?offset=12")["--lift"], wall("?offset=12%25")["--lift"], wall("?offset=140px")["--lift"]], ["12vh", "12vh", "min(140px, 40vh)"]);
  assert.deepEqual([wall("?offset=12")["--vw"], wall("?offset=12")["--vh"]], ["1vw", "calc((100vh - 12vh - var(--band, 0px)) * 0.01)"]);
  assert.equal(wall("?safe=10&offset=20")["--safe-y"], "calc((100vh - 20vh - var(--band, 0px)) * 0.1)");
});
