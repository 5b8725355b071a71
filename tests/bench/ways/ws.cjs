// The `ws` library of Node: one Buffer, sent to each client in a loop.
"use strict";
const { WebSocketServer, WebSocket } = require("ws");
const { task, publish } = require("./program.cjs");

const given = task();
const server = new WebSocketServer({ host: "127.0.0.1", port: given.port, perMessageDeflate: false, backlog: 2048 });
server.on("connection", (client) => client.on("error", () => client.terminate()));
server.on("listening", () => console.log(`Ready ${process.pid}`));
publish(given, (text) => {
  const buffer = Buffer.from(text);
  for (const client of server.clients) {
    if (client.readyState === WebSocket.OPEN) client.send(buffer, { binary: false });
  }
});
