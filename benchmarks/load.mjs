// Ask a server for many addresses, over and over, and print what came as JSON. Only ever asks this machine.
//
//   node benchmarks/load.mjs ORIGIN SECONDS CONNECTIONS [ANSWERS, instead of seconds] < addresses, one path per line
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const require = createRequire(new URL("../frontend/package.json", import.meta.url));
const autocannon = require("autocannon");

const [origin, seconds, connections, amount] = process.argv.slice(2);
if (new URL(origin).hostname !== "127.0.0.1") throw new Error(`only 127.0.0.1 is asked, not ${origin}`);
const paths = readFileSync(0, "utf-8").split("\n").filter(Boolean);
const requests = paths.map((path) => ({ method: "GET", path, headers: { "accept-encoding": "identity" } }));
// Every connection has addresses of its own: what one asked for is not anew for the next.
let connected = 0;
const result = await autocannon({
  url: origin,
  ...(amount ? { amount: Number(amount) } : { duration: Number(seconds) }),
  connections: Number(connections),
  timeout: 120, // the first page of a worker computes what all others stand on
  requests: requests.slice(0, 1),
  setupClient: (client) => {
    const mine = connected++;
    const own = requests.filter((_, at) => at % Number(connections) === mine % Number(connections));
    client.setRequests(own.length ? own : requests);
  },
});
console.log(
  JSON.stringify({
    per_second: result["2xx"] / result.duration,
    median_ms: result.latency.p50,
    p99_ms: result.latency.p99,
    answers: result["2xx"],
    others: { non2xx: result.non2xx, errors: result.errors, timeouts: result.timeouts },
  }),
);
