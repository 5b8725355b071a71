/** What each playout host calls, in which order and before or after what, and what is to be seen then. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import vm from "node:vm";

const source = (name) => readFileSync(new URL(`../../../dashboard/static/js/inline/${name}.js`, import.meta.url), "utf-8");
const host = source("host");
const shim = source("shim");

const DEFINITION = { description: "Dải chữ", steps: "1", DataFields: [{ field: "name", ftype: "textfield", title: "Họ và tên", value: "" }] };

/**
 * A window as far as the inline scripts need one, with a frame of the overlay's page in it that hears what it is told.
 * @param {string} script @param {{search?: string, hasFetch?: boolean}} [given]
 */
function opened(script, { search = "", hasFetch = true } = {}) {
  const listeners = {};
  const told = [];
  const page = {
    location: { search, origin: "http://server" }, told, URL, URLSearchParams, JSON, console, CustomEvent: class { constructor(type, { detail }) { Object.assign(this, { type, detail }); } },
    document: {
      documentElement: { dataset: { address: "http://server/overlays/total" } },
      getElementById: (id) => (id === "spx" ? { textContent: JSON.stringify(DEFINITION) } : null),
      querySelectorAll: () => page.frames,
      addEventListener: (type, call) => { (listeners[`document ${type}`] ??= []).push(call); },
    },
    frames: [],
    addEventListener: (type, call) => { (listeners[type] ??= []).push(call); },
    dispatch: (type, event) => { for (const call of listeners[type] ?? []) call(event); },
    setTimeout: () => 0,
    // The calls that a window of Node's does not have are not there at all.
    ...(hasFetch && { fetch: async () => ({ ok: false, status: 503 }) }),
    DOMParser: class {
      parseFromString(text) {
        const name = /id='name'><data id='text' value='([^']*)'/.exec(text);
        return {
          documentElement: { nodeName: text.includes("templateData") ? "templateData" : "other" },
          getElementsByTagName: (tag) => (tag === "componentData" && name ? [{ getAttribute: () => "name", getElementsByTagName: () => [{ getAttribute: () => name[1] }] }] : []),
        };
      }
    },
  };
  page.window = page;
  page.parent = page;
  /** The page in the frame has loaded: it asks what stands. */
  page.loads = () => {
    page.frames = [{ contentWindow: { postMessage: (state) => told.push(structuredClone(state)) } }];
    page.dispatch("message", { origin: "http://server", data: { diemCau: "hosted?" } });
  };
  const context = vm.createContext(page);
  vm.runInContext(script, context);
  // As the scripts know it.
  page.self = vm.runInContext("window", context);
  return page;
}

const JSON_A = '{"name": "A"}';
const XML_A = "<templateData><componentData id='name'><data id='text' value='A'/></componentData></templateData>";
/** The host, its address, its calls in order ("load" for when the page has come), and whether it is played then, and with what. */
const ORDERS = [
  ["CasparCG: CG ADD that plays on load", "?wait=1", [["update", XML_A], ["play"], "load"], [true, "A"]],
  ["CasparCG: CG ADD, then CG PLAY", "?wait=1", [["update", XML_A], "load", ["play"]], [true, "A"]],
  ["CasparCG: CG ADD alone", "?wait=1", [["update", XML_A], "load"], [false, "A"]],
  ["CasparCG: CG UPDATE before the load has ended", "?wait=1", [["update", XML_A], ["play"], ["update", JSON_A.replace("A", "B")], "load"], [true, "B"]],
  ["CasparCG: CG PLAY twice", "?wait=1", [["update", XML_A], "load", ["play"], ["play"]], [true, "A"]],
  ["CasparCG: CG STOP twice", "?wait=1", [["update", XML_A], "load", ["play"], ["stop"], ["stop"]], [false, "A"]],
  ["CasparCG: CG STOP before CG PLAY", "?wait=1", [["stop"], "load", ["update", XML_A]], [false, "A"]],
  ["CasparCG: CG NEXT, which no overlay has of a host", "?wait=1", [["update", XML_A], "load", ["play"], ["next"], ["next"]], [true, "A"]],
  ["CasparCG: CG REMOVE", "?wait=1", [["update", XML_A], "load", ["play"], ["remove"]], [false, undefined]],
  ["CasparCG: CG PLAY after CG REMOVE", "?wait=1", [["update", XML_A], "load", ["play"], ["remove"], ["play"]], [false, undefined]],
  ["CasparCG: CG ADD anew after CG REMOVE", "?wait=1", [["update", XML_A], "load", ["remove"], ["update", JSON_A], ["play"]], [true, "A"]],
  ["SPX: play, which updates first", "?wait=1", ["load", ["update", JSON_A], ["play"]], [true, "A"]],
  ["SPX: play of a template without fields", "?wait=1", ["load", ["update", undefined], ["play"]], [true, undefined]],
  ["SPX: continue", "?wait=1", ["load", ["update", JSON_A], ["play"], ["next"]], [true, "A"]],
  ["SPX: update while it is on air", "?wait=1", ["load", ["update", JSON_A], ["play"], ["update", '{"name": "B"}']], [true, "B"]],
  ["SPX: stop, and play again", "?wait=1", ["load", ["update", JSON_A], ["play"], ["stop"], ["update", JSON_A], ["play"]], [true, "A"]],
  ["SPX: play with data that break off", "?wait=1", ["load", ["update", JSON_A], ["play"], ["update", '{"name'], ["play"]], [true, "A"]],
  ["OBS: calls nothing", "", ["load"], [true, undefined]],
  ["OBS: hides the source and shows it", "", ["load", "hidden", "visible"], [true, undefined]],
  ["OBS: shows a source that its address lets wait", "?wait=1", ["load", "visible", "active"], [false, undefined]],
];

for (const [name, search, calls, expected] of ORDERS) {
  test(name, () => {
    const page = opened(host, { search });
    for (const call of calls) {
      if (call === "load") page.loads();
      else if (typeof call === "string") page.dispatch(`obsSource${call === "active" ? "Active" : "Visible"}Changed`, { detail: { visible: call === "visible", active: true } });
      else page[call[0]](...call.slice(1));
    }
    const { playing, data } = page.told[page.told.length - 1];
    assert.deepEqual([playing, data.name], expected);
    // A page that is loaded anew hears the same, and nothing of what was wrong before.
    page.loads();
    const again = page.told[page.told.length - 1];
    assert.deepEqual([again.playing, again.data.name, again.faults], [...expected, []]);
  });
}

test("each time that OBS shows the source, the page is told once to jump to now", () => {
  const page = opened(host);
  page.loads();
  for (const visible of [false, true, false, true]) page.dispatch("obsSourceVisibleChanged", { detail: { visible } });
  assert.equal(page.told[page.told.length - 1].woken, 2);
  assert.equal(page.told.length, 3);
});

test("calls of whoever does not frame the page are none", () => {
  const page = opened(host);
  page.loads();
  page.dispatch("message", { source: {}, origin: "http://other", data: { diemCau: "call", name: "stop", given: [] } });
  assert.equal(page.told.length, 1);
  page.dispatch("message", { source: page.self, origin: "http://other", data: { diemCau: "call", name: "stop", given: [] } });
  page.dispatch("message", { source: page.self, origin: "http://other", data: { diemCau: "call", name: "become", given: [{ playing: true }] } });
  assert.equal(page.told[page.told.length - 1].playing, false);
});

test("SPX reads what it needs of a page in a window that has neither frames, sockets nor fetch", () => {
  for (const script of [host, shim]) {
    const page = opened(script, { hasFetch: false });
    // It lives on in SPX's own process: nothing may be left waiting there.
    page.setTimeout = () => assert.fail("a timer in SPX's process");
    page.dispatch("document DOMContentLoaded", {});
    assert.deepEqual(structuredClone(page.SPXGCTemplateDefinition), DEFINITION);
  }
});
