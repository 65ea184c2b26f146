// Loaded before Microsoft's test client: it listens on this machine only, and reaches no other.
"use strict";
const net = require("node:net");
const dns = require("node:dns");

const HOME = "127.0.0.1";
const isHome = (host) => host === undefined || ["127.0.0.1", "localhost", "::1"].includes(host);

const listen = net.Server.prototype.listen;
net.Server.prototype.listen = function (...args) {
  const first = args[0];
  if (typeof first === "number" || typeof first === "string") {
    const rest = args.slice(1).filter((arg) => typeof arg !== "string");
    return listen.call(this, { port: Number(first), host: HOME }, ...rest.filter((arg) => typeof arg === "function"));
  }
  return listen.call(this, { ...first, host: HOME }, ...args.slice(1));
};

const connect = net.Socket.prototype.connect;
net.Socket.prototype.connect = function (...args) {
  const options = Array.isArray(args[0]) ? args[0][0] : args[0];
  const host = typeof options === "object" && options !== null ? options.host : args[1];
  const path = typeof options === "object" && options !== null ? options.path : undefined;
  if (!path && !isHome(typeof host === "string" ? host : undefined)) {
    process.nextTick(() => this.destroy(new Error("Only this machine may be reached.")));
    return this;
  }
  return connect.apply(this, args);
};

const lookup = dns.lookup;
dns.lookup = function (host, options, callback) {
  const done = typeof options === "function" ? options : callback;
  if (!isHome(host)) {
    process.nextTick(() => done(Object.assign(new Error("Only this machine may be reached."), { code: "ENOTFOUND" })));
    return undefined;
  }
  return lookup.call(this, host, options, callback);
};
