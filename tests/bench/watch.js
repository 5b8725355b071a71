/*
 * Runs in the page before its own scripts: times what each message costs the main thread, to the end of painting, and
 * marks the tasks of messages and frames for a trace.
 */
(() => {
  const bench = { isSampling: false, updates: 0, samples: [] };
  window.bench = bench;
  let pending = null;

  const mark = (name) => {
    performance.mark(name);
    performance.clearMarks(name);
  };

  const { onmessage } = Object.getOwnPropertyDescriptors(WebSocket.prototype);
  Object.defineProperty(WebSocket.prototype, "onmessage", {
    ...onmessage,
    set(take) {
      onmessage.set.call(this, (event) => {
        // A beat is no update. The head is enough: reading all of it would take memory where memory is watched.
        bench.updates += /"type":"(delta|snapshot)"/.test(event.data.slice(0, 40)) ? 1 : 0;
        if (!bench.isSampling) return take(event);
        const rows = Object.keys(JSON.parse(event.data).rows ?? {}).length;
        const began = performance.now();
        take(event);
        if (rows) mark("bench-message");
        if (rows) pending = { rows: (pending?.rows ?? 0) + rows, taken: (pending?.taken ?? 0) + performance.now() - began };
      });
    },
  });

  const { port1, port2 } = new MessageChannel();
  let painted = null;
  port1.onmessage = () => {
    const { rows, taken, began, scripted, laidOut } = painted;
    const script = taken + scripted - began;
    bench.samples.push([rows, script, taken + laidOut - began, taken + performance.now() - began]);
  };

  const nextFrame = window.requestAnimationFrame.bind(window);
  window.requestAnimationFrame = (run) =>
    nextFrame((at) => {
      if (pending === null) return run(at);
      mark("bench-frame");
      const began = performance.now();
      run(at);
      const scripted = performance.now();
      document.body.getBoundingClientRect();
      painted = { ...pending, began, scripted, laidOut: performance.now() };
      pending = null;
      // A message posted here comes in after style, layout and paint of this very frame.
      port2.postMessage(null);
    });
})();
