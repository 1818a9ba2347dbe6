// Lambda's loop, smaller than that of the managed runtime: asks for an event, answers it and asks again,
// on one connection.
import { Agent, request } from "node:http";
import { events, session } from "./handlers.js";

const api = new URL(`http://${process.env.AWS_LAMBDA_RUNTIME_API}/2018-06-01/runtime/`);
const agent = new Agent({ keepAlive: true, maxSockets: 1 });
const handle = process.env._HANDLER === "Session" ? session : events;

function call(method, path, body) {
  return new Promise((resolve, reject) => {
    const headers = body ? { "Content-Type": "application/json", "Content-Length": Buffer.byteLength(body) } : undefined;
    const sent = request({ host: api.hostname, port: api.port, path: api.pathname + path, method, agent, headers }, (response) => {
      const parts = [];
      response.on("data", (part) => parts.push(part));
      response.on("end", () => resolve({ headers: response.headers, body: parts.length === 1 ? parts[0] : Buffer.concat(parts) }));
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

async function main() {
  for (;;) {
    const { headers, body } = await call("GET", "invocation/next");
    const id = headers["lambda-runtime-aws-request-id"];
    try {
      await call("POST", `invocation/${id}/response`, JSON.stringify(await handle(JSON.parse(body.toString("utf8")))));
    } catch (error) {
      console.error(error);
      await call("POST", `invocation/${id}/error`, JSON.stringify({ errorMessage: error.message, errorType: error.name, stackTrace: [] }));
    }
  }
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
