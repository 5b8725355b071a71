// Socket.IO: emit of a string to all.
"use strict";
const { createServer } = require("node:http");
const { Server } = require("socket.io");
const { task, publish } = require("./program.cjs");

const given = task();
const server = createServer();
const io = new Server(server, { transports: ["websocket"], serveClient: false, perMessageDeflate: false });
server.listen({ host: "127.0.0.1", port: given.port, backlog: 2048 }, () => console.log(`Ready ${process.pid}`));
publish(given, (text) => io.emit("message", text));
