// DynamoDB as the SDK's guide recommends it for Lambda: one client outside the handler, persistent connections, short
// timeouts, only the client's package, bundled; credentials directly from the environment, where Lambda puts them.
import { BatchGetItemCommand, ConditionalCheckFailedException, DynamoDBClient, GetItemCommand, PutItemCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { Agent } from "node:http";
import { createHash, createHmac, hkdfSync } from "node:crypto";

const client = new DynamoDBClient({
  region: process.env.AWS_REGION,
  endpoint: process.env.AWS_ENDPOINT_URL_DYNAMODB,
  credentials: { accessKeyId: process.env.AWS_ACCESS_KEY_ID, secretAccessKey: process.env.AWS_SECRET_ACCESS_KEY, sessionToken: process.env.AWS_SESSION_TOKEN },
  maxAttempts: 3,
  retryMode: "standard",
  requestHandler: { connectionTimeout: 1000, requestTimeout: 2000, httpAgent: new Agent({ keepAlive: true, maxSockets: 50 }) },
});

const sessions = process.env.SESSIONS_TABLE;
const calls = process.env.CALLS_TABLE;
const policyHash = createHash("sha256").update("policy").digest();
const keys = new Map();
const remembers = process.env.REMEMBER_SESSIONS === "true";
const known = new Map();

// Keyed fingerprints, 32 hexadecimal digits, with a separate key for each purpose.
export function fingerprint(purpose, content) {
  let key = keys.get(purpose);
  if (!key) keys.set(purpose, (key = Buffer.from(hkdfSync("sha256", process.env.FINGERPRINT_SECRET, "", purpose, 32))));
  return "01" + createHmac("sha256", key).update(content).digest("hex").slice(0, 30);
}

export async function statusOf(sessionId) {
  const last = remembers ? known.get(sessionId) : undefined;
  if (last && Date.now() - last.at < 45_000) return last.status;
  const answer = await client.send(new GetItemCommand({
    TableName: sessions, Key: { session_id: { S: sessionId } }, ConsistentRead: true, ProjectionExpression: "standing,active_on,started_at",
  }));
  const status = answer.Item?.standing?.S ?? "community";
  if (remembers && answer.Item?.started_at) {
    if (known.size >= 1000) known.clear();
    known.set(sessionId, { status, at: Date.now() });
  }
  return status;
}

// Adds an item to the log of a session's calls; false when it exists already.
export function append(source, receipt, data) {
  return ifItHolds(new PutItemCommand({
    TableName: calls,
    Item: {
      source: { S: source }, receipt: { S: receipt }, at: { N: String(Date.now()) }, data: { B: data }, policy: { B: policyHash },
      expires_at: { N: String(Math.floor(Date.now() / 1000) + 90 * 86_400) },
    },
    ConditionExpression: "attribute_not_exists(receipt)",
  }));
}

// Whether the session was deleted or its owner opted out: one read for both.
export async function isExcluded(sessionId, credential) {
  const names = [`erased#${fingerprint("erased session", sessionId)}`];
  if (credential) names.push(`tracking#${fingerprint("tracking preference", credential)}`);
  const answer = await client.send(new BatchGetItemCommand({
    RequestItems: { [sessions]: { Keys: names.map((S) => ({ session_id: { S } })), ConsistentRead: true, ProjectionExpression: "session_id,expires_at" } },
  }));
  return (answer.Responses?.[sessions]?.length ?? 0) > 0;
}

// Registers a session once; false when it was registered before.
export function register(id, facts) {
  const now = Date.now();
  const values = { started_at: { N: String(now) }, policy: { B: policyHash }, active_on: { S: new Date(now).toISOString().slice(0, 10) },
    expires_at: { N: String(Math.floor(now / 1000) + 90 * 86_400) } };
  for (const [name, value] of Object.entries(facts)) values[name] = typeof value === "boolean" ? { BOOL: value } : { S: value };
  const names = Object.keys(values);
  return ifItHolds(new UpdateItemCommand({
    TableName: sessions,
    Key: { session_id: { S: id } },
    UpdateExpression: "SET " + names.map((name, i) => (name === "standing" ? `#${i} = if_not_exists(#${i}, :${i})` : `#${i} = :${i}`)).join(", "),
    ConditionExpression: "attribute_not_exists(started_at)",
    ExpressionAttributeNames: Object.fromEntries(names.map((name, i) => [`#${i}`, name])),
    ExpressionAttributeValues: Object.fromEntries(names.map((name, i) => [`:${i}`, values[name]])),
  }));
}

async function ifItHolds(command) {
  try {
    await client.send(command);
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}
