import assert from "node:assert/strict";
import test from "node:test";

import { growing, reorder } from "../../../dashboard/static/js/lib/reorder.js";

/** A parent whose children are names, and that counts what is moved. */
function parentOf(names) {
  const parent = { children: [], moves: 0 };
  parent.insertBefore = (child, next) => {
    parent.moves += 1;
    parent.children = parent.children.filter((each) => each !== child);
    const at = next === null ? parent.children.length : parent.children.indexOf(next);
    parent.children.splice(at, 0, child);
  };
  const made = new Map([...names].map((name) => {
    const child = { name };
    child.remove = () => { parent.children = parent.children.filter((each) => each !== child); };
    return [name, child];
  }));
  parent.children = [...made.values()];
  return { parent, made };
}

/** @returns {[string, number]} the order afterwards, and how many elements were moved */
function brought(before, after) {
  const { parent, made } = parentOf(before);
  const wanted = [...after].map((name) => made.get(name) ?? { name });
  const moved = reorder(parent, wanted);
  assert.equal(moved.length, parent.moves);
  return [parent.children.map((child) => child.name).join(""), parent.moves];
}

test("the longest run that grows", () => {
  assert.deepEqual([...growing([2, 0, 1, 3])].sort(), [1, 2, 3]);
  assert.deepEqual([...growing([])], []);
  assert.equal(growing([4, 3, 2, 1]).size, 1);
});

test("only what changed its place among the others is moved", () => {
  assert.deepEqual(brought("abcdef", "abcdef"), ["abcdef", 0]);
  assert.deepEqual(brought("abcdef", "fabcde"), ["fabcde", 1]);
  assert.deepEqual(brought("abcdef", "bcdefa"), ["bcdefa", 1]);
  assert.deepEqual(brought("abcdef", "bacdfe"), ["bacdfe", 2]);
});

test("what is new comes, and what is not wanted goes", () => {
  assert.deepEqual(brought("abc", "xbc"), ["xbc", 1]);
  assert.deepEqual(brought("abc", "c"), ["c", 0]);
  assert.deepEqual(brought("", "ab"), ["ab", 2]);
});

test("any order is reached", () => {
  const letters = "abcdefghijklmnopqrstuvwxyz";
  for (let seed = 1; seed < 40; seed += 1) {
    const wanted = [...letters].map((letter, index) => [(index * seed * 7 + seed) % 29, letter]).sort((a, b) => a[0] - b[0]);
    const after = wanted.map(([, letter]) => letter).join("");
    assert.equal(brought(letters, after)[0], after);
  }
});
