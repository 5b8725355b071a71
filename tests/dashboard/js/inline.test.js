import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

/** What an inline script defines, without its running: it runs only where there is a document. */
function defined(name, names) {
  const text = readFileSync(new URL(`../../../dashboard/static/js/inline/${name}.js`, import.meta.url), "utf-8");
  return new Function(`${text}\nreturn { ${names} };`)();
}

const { retryMs, loadWaitMs, frameAddress, shellSearch, isOld, addressOf } = defined("shell", "retryMs, loadWaitMs, frameAddress, shellSearch, isOld, addressOf");
const guard = defined("guard", "retryMs, filesIn");

test("tries come ever more rarely, jittered, up to the window of their kind", () => {
  assert.equal(retryMs(0, 30_000, 0), 250);
  const longest = [0, 1, 2, 5, 9, 1_000].map((failures) => retryMs(failures, 30_000, 1));
  assert.deepEqual(longest, [1_000, 2_000, 4_000, 30_000, 30_000, 30_000]);
  assert.equal(retryMs(9, 2_000, 1), 2_000);
  assert.deepEqual([0, 1, 4, 5, 99].map((tries) => guard.retryMs(tries, 1)), [1_000, 2_000, 16_000, 30_000, 30_000]);
  assert.equal(guard.retryMs(99, 0), 250);
});

test("each try may take longer, and every one ends", () => {
  assert.deepEqual([0, 1, 2, 3, 4, 99].map(loadWaitMs), [15_000, 30_000, 60_000, 120_000, 120_000, 120_000]);
});

test("the screen is asked for with all but the key", () => {
  assert.equal(frameAddress("/", ""), "/?frame=1");
  assert.equal(frameAddress("/units/024", "?lang=en&key=S3cret"), "/units/024?lang=en&frame=1");
  assert.equal(frameAddress("/", "?frame=0&scene=trend"), "/?frame=1&scene=trend");
});

test("the shell's address follows its screen and keeps the key", () => {
  assert.equal(shellSearch("?key=S3cret&scene=live", "?frame=1&scene=trend&lang=vi"), "?scene=trend&lang=vi&key=S3cret");
  assert.equal(shellSearch("", "?frame=1"), "");
  assert.equal(shellSearch("", "?key=other"), "");
});

test("another address is of the same origin, and keeps the window's key", () => {
  const base = "https://so-lieu.vn/?scene=live&key=S3cret";
  assert.deepEqual(addressOf("/units/024?lang=en", base), { path: "/units/024", search: "?lang=en&key=S3cret" });
  assert.deepEqual(addressOf("/?out=tv1&key=other", base), { path: "/", search: "?out=tv1&key=S3cret" });
  for (const told of ["//evil.example/", "https://evil.example/", "http://so-lieu.vn/", "javascript:alert(1)"]) {
    assert.equal(addressOf(told, base), null);
  }
});

test("a screen is old when contest, release or store is another", () => {
  const own = { made: "c-r", show: "live" };
  assert.equal(isOld(own, { made: "c-r", show: "live" }), false);
  assert.equal(isOld(own, { made: "c-s", show: "live" }), true);
  assert.equal(isOld(own, { made: "c-r", show: "rehearsal" }), true);
  assert.equal(isOld(null, own) || isOld(own, null), false);
});

test("a page of ours names its files, and another's none", () => {
  const page = '<link href="/static/0a/css/base.css"><script src="/static/0a/js/a.js"></script><a href="/units/024">';
  assert.deepEqual(guard.filesIn(page), ["/static/0a/css/base.css", "/static/0a/js/a.js"]);
  assert.deepEqual(guard.filesIn("<h1>Sign in to the hotel's network</h1>"), []);
});
