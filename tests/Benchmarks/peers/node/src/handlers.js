// The two routes: POST /session and POST /events.
import { createHash } from "node:crypto";
import { gunzipSync, gzipSync } from "node:zlib";
import { clean, rules } from "./fields.js";
import { append, fingerprint, isExcluded, register, statusOf } from "./store.js";

const headers = { "Content-Type": "application/json", "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff" };
const answer = (statusCode, body) => ({ statusCode, headers, body: JSON.stringify(body), isBase64Encoded: false });

function bytesOf(request) {
  const bytes = Buffer.from(request.body ?? "", request.isBase64Encoded ? "base64" : "utf8");
  return bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes, { maxOutputLength: 10 << 20 }) : bytes;
}

function parse(bytes) {
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch {
    return null;
  }
}

export async function session(request) {
  const event = parse(bytesOf(request));
  const facts = event?.name === "session" ? clean(event, rules.session, {}) : null;
  if (!facts) return answer(400, { title: "Bad Request", status: 400 });
  const { session_id: id, edition, ...kept } = facts;
  if (kept.machine) kept.machine = fingerprint("machine", kept.machine);
  if (kept.credential) kept.credential = fingerprint("credential", kept.credential);
  kept.standing = kept.credential && edition !== "community" && edition !== "s3" ? "pro" : "community";
  if (await isExcluded(id, kept.credential)) return answer(200, { track_events: false });
  await register(id, kept);
  return answer(200, { track_events: !kept.is_testing });
}

export async function events(request) {
  const bytes = bytesOf(request);
  const list = parse(bytes)?.events;
  if (!Array.isArray(list) || list.length > 2000) return answer(400, { title: "Bad Request", status: 400 });
  const ids = new Set();
  for (const event of list) {
    if (event?.name === "aws_request" && typeof event.metadata?.session_id === "string") ids.add(event.metadata.session_id);
  }
  const statuses = new Map(await Promise.all([...ids].map(async (id) => [id, await statusOf(id)])));

  const digest = createHash("sha256").update(bytes).digest();
  const items = new Map();
  const stripped = {};
  const dropped = [];
  list.forEach((event, index) => {
    const rule = event?.name === "aws_request" ? rules.aws_request : undefined;
    const kept = rule && statuses.get(event.metadata?.session_id) === "pro" ? clean(event, rule, stripped) : null;
    if (!kept) {
      dropped.push({ index, name: rule ? event.name : undefined, reason: rule ? "invalid" : "unknown_event" });
      return;
    }
    const { session_id: id, ...call } = kept;
    let item = items.get(id);
    if (!item) items.set(id, (item = { calls: [], time: call.client_time ?? "0" }));
    item.calls.push(call);
  });

  let stored = 0;
  let duplicates = 0;
  await Promise.all([...items].map(async ([id, { calls, time }]) => {
    const data = gzipSync(JSON.stringify({ calls, stored: calls.length }));
    if (await append(`session#${id}`, `${time}#${fingerprint("receipt of calls of " + id, digest)}`, data)) stored += calls.length;
    else duplicates += calls.length;
  }));
  return answer(200, { received: list.length, stored, duplicates, dropped, stripped });
}
