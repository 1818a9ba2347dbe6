// Starts a function as Lambda does, sends it one event and stops it. Succeeds if the answer is correct. The event is GET /stacks
// without a token: the answer, 401, needs neither a table nor OpenSSL, which an emulated system may lack.
//   node infra/answer-one-event.mjs COMMAND [ARGUMENT...]     for example: qemu-aarch64 -L /usr/aarch64-linux-gnu FOLDER/bootstrap
import { createServer } from "node:http";
import { spawn } from "node:child_process";

const event = { resource: "/stacks", path: "/stacks", httpMethod: "GET", headers: {}, requestContext: { resourcePath: "/stacks", httpMethod: "GET" } };
const settings = {
  _HANDLER: "Stacks", AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "512", AWS_REGION: "us-east-1", FINGERPRINT_SECRET: "x".repeat(32),
  SESSIONS_TABLE: "sessions", CALLS_TABLE: "calls", ANONYMOUS_TABLE: "anonymous", COUNTERS_TABLE: "counters", ACTIVATIONS_TABLE: "activations",
};
const runtime = "/2018-06-01/runtime/";
let given = false;

const server = createServer(async (request, response) => {
  const path = request.url.slice(request.url.indexOf(runtime) + runtime.length);
  if (path === "invocation/next") {
    // There is only one event, so the second request is never answered.
    if (given) return;
    given = true;
    response.writeHead(200, {
      "Content-Type": "application/json", "Lambda-Runtime-Aws-Request-Id": "8476a536-e9f4-11e8-9739-2dfe598c3fcd",
      "Lambda-Runtime-Deadline-Ms": String(Date.now() + 60_000), "Lambda-Runtime-Invoked-Function-Arn": "arn:aws:lambda:us-east-1:000000000000:function:policy",
    }).end(JSON.stringify(event));
    return;
  }

  let body = "";
  for await (const part of request) body += part;
  response.writeHead(202).end();
  const status = path.endsWith("/response") ? JSON.parse(body).statusCode : 0;
  end(status === 401 ? undefined : `it answered GET /stacks without a token with ${status || body.slice(0, 500)}`);
}).listen(0, "127.0.0.1", () => {
  started = spawn(process.argv[2], process.argv.slice(3), {
    stdio: ["ignore", "ignore", "inherit"],
    env: { ...process.env, ...settings, AWS_LAMBDA_RUNTIME_API: `127.0.0.1:${server.address().port}` },
  });
  started.on("error", (error) => end(error.message));
  started.on("exit", (code, signal) => end(`it ended with ${code ?? signal} before it answered`));
});
let started;
const patience = setTimeout(() => end("it did not answer within 60 seconds"), 60_000);

function end(problem) {
  clearTimeout(patience);
  started?.removeAllListeners("exit").kill("SIGKILL");
  if (problem) console.error(problem);
  process.exit(problem ? 1 : 0);
}
