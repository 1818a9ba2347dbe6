/** The types of the API's answers, and the only code that sends requests to the API. */

export interface StackSummary {
  session: string;
  started_at: string;
  last_seen_at: string;
  duration_s: number;
  calls: number;
  succeeded: number;
  failed: number;
  services: string[];
  version?: string;
  is_ci?: boolean;
  is_docker?: boolean;
}

export interface OperationCalls { service: string; operation: string; status_code: number; calls: number }
export interface Minute { minute: string; calls: number; failed: number }

export interface Stack extends StackSummary {
  operations: OperationCalls[];
  user_agents: { user_agent: string; calls: number }[];
  regions: { region: string; calls: number }[];
  timeline: Minute[];
  /** 60, or 3600 for a very long session; `minute` is then the first minute of an hour. */
  timeline_step_s: number;
}

export interface CallEvent {
  /** When the collector received the call, UTC. */
  time: string;
  /** The client's own time, without a time zone (`2026-11-22 07:32:46.103769`). The list is sorted by it. */
  client_time?: string;
  service: string;
  operation: string;
  status_code: number;
  err_type?: string;
  err_msg?: string;
  stack_trace?: string;
  is_internal?: boolean;
  region?: string;
  account_id?: string;
  user_agent?: string;
}

/** Failed calls with the same operation, status, type and message. `rest` marks calls that are only counted, without type and message. */
export interface ErrorGroup {
  service: string;
  operation: string;
  status_code: number;
  err_type?: string;
  err_msg?: string;
  calls: number;
  first_at?: string;
  last_at?: string;
  user_agents?: { user_agent: string; calls: number }[];
  rest?: boolean;
}
export interface Caller { user_agent: string; service: string; operation: string; calls: number; failed: number }

/** The calls of `errors` add up to the stack's failed calls. Messages and callers come from the newest `looked_at` calls. */
export interface Breakdown { errors: ErrorGroup[]; clients: Caller[]; looked_at: number; complete: boolean }

export type ChangeKind = "fails_now" | "new" | "vanished" | "recovered" | "changed" | "same";
export interface Change { service: string; operation: string; calls: number; failed: number; calls_before: number; failed_before: number; change: ChangeKind }
export interface Comparison { session: StackSummary; with?: StackSummary; rows: Change[] }

export interface OverviewRow { service: string; operation?: string; calls: number; failed: number; failing_stacks: number }
export interface Overview { from: string; stacks: number; calls: number; failed: number; services: OverviewRow[]; operations: OverviewRow[]; complete: boolean }

/** One page of a list. The last page has no cursor. */
export interface Page<Row> { rows: Row[]; cursor?: string }

/** `total` is the sum of `rows` and `omitted`, which adds up the rows beyond the requested number. */
export interface Usage<Row> { from: string; to: string; by: string; rows: Row[]; total: Row; omitted?: Row; previous?: { from: string; to: string } }
export interface Calls { calls: number; errors: number; error_rate: number }
export interface RequestRow extends Calls { day?: string; service?: string; operation?: string; status_code?: number; sessions?: number; trend?: number[]; overflow?: number; previous?: Calls }
export interface CliRow { command?: string; parameters?: string[]; invocations: number; trend?: number[]; previous?: { invocations: number } }
export interface FeatureRow {
  feature?: string;
  labels?: Record<string, string>;
  uses: number;
  sums?: Record<string, number>;
  trend?: number[];
  previous?: { uses: number };
}
export interface SessionRow {
  day?: string;
  version?: string;
  system?: string;
  sessions: number;
  /** Sessions that started or sent events on the day. In a total: the sum over days. */
  active?: number;
  /** Distinct machines of the day; missing after the marks from which they are counted have expired. In a total: the sum over days. */
  machines?: number;
  ci?: number;
  docker?: number;
  versions?: Record<string, number>;
  systems?: Record<string, number>;
  previous?: { sessions: number };
}
export interface LedgerRow {
  day?: string;
  received: number;
  stored: number;
  dropped: Record<string, number>;
  stripped: Record<string, number>;
  /** Log items, not events. Missing when all could be read. */
  unreadable?: number;
}

/** Shares in one month, largest first. `month` is missing until the first month is published. */
export interface Summary {
  month?: string;
  months: string[];
  minimum: number;
  services: { service: string; share: number }[];
  operations: { service: string; operation: string; share: number }[];
  versions: { version: string; share: number }[];
  features: { feature: string; share: number }[];
}

type Tier = "community" | "pro";
export interface PolicyField {
  field: string;
  do: string;
  sentence: string;
  /** How the rule follows from the sentence, where that is not obvious. */
  because?: string;
  /** The tier for which the field is kept. When missing, the event's tier applies. */
  tier?: Tier;
  at_most?: number;
  keeps?: unknown;
  kept_as?: unknown;
  removes?: unknown;
}
export interface PolicyEvent {
  name: string;
  kind: "session" | "call" | "count" | "cli" | "feature" | "activation" | "never";
  collected: boolean;
  /** Missing when nothing is ever kept. */
  tier?: Tier;
  sentence: string;
  /** How the rule follows from the sentence, where that is not obvious. */
  because?: string;
  endpoint?: string;
  feature?: boolean;
  fields?: PolicyField[];
}
export interface Policy {
  version: number;
  about: string;
  track_events?: boolean;
  /** By kind of record. Records without `days` are kept forever. */
  retention: Record<string, { days?: number; holds: string; parameter?: string }>;
  events: PolicyEvent[];
}

/** The outcome of one field in a preview. */
export interface PreviewedField {
  field: string;
  /** The index of the list entry that contains the field, from 0. */
  entry?: number;
  outcome: "kept" | "changed" | "removed";
  as?: string;
  value?: unknown;
  /** For a list: the number of entries that are kept. */
  entries?: number;
  /** Why the field is removed. */
  why?: "rule" | "not_named" | "pro_only" | "condition" | "value" | "entry";
  times?: number;
  do?: string;
  sentence?: string;
  because?: string;
}
/** The tier that a preview assumes for sessions: Pro, or all others. */
type PreviewTier = "pro" | "all";
export interface PreviewedEvent {
  index: number;
  /** Missing when the policy does not know the name. */
  name?: string;
  tier?: PreviewTier;
  sentence?: string;
  outcome: "stored" | "dropped";
  reason?: string;
  /** The required field that is missing or invalid, when the event is dropped for that reason. */
  missing?: string;
  fields?: PreviewedField[];
  stored_as?: unknown[];
}
export interface Preview { tier: PreviewTier; received: number; stored: number; dropped: number; complete: boolean; events: PreviewedEvent[] }

/** An answer whose status is not 2xx, or no answer at all (status 0). `detail` says what to correct. */
export class ApiError extends Error {
  constructor(readonly status: number, readonly detail: string) {
    super(detail);
  }
}

export type Parameters = Record<string, string | number | undefined>;

/** The page is served at the stage's address, so all routes are relative to it. */
const stage = new URL("./", location.href);

export const stageAddress = stage.href.replace(/[?#].*$/, "").replace(/\/$/, "");

/** Sends a GET request to the API. The token is sent only in the Authorization header. */
export async function get<T>(route: string, parameters: Parameters = {}, token?: string, signal?: AbortSignal): Promise<T> {
  return (await ask<T>(route, { parameters, token, signal })).body;
}

/** Sends JSON text unchanged and returns the parsed answer. */
export async function send<T>(method: "POST" | "PUT" | "DELETE", route: string, json: string | undefined, options: Asked): Promise<T> {
  return (await ask<T>(route, { ...options, method, json })).body;
}

/** The policy with its SHA-256, which the API sends in a header because it is the hash of the body. */
export async function getPolicy(signal: AbortSignal): Promise<Policy & { hash: string | undefined }> {
  const { body, headers } = await ask<Policy>("policy", { signal });
  return { ...body, hash: headers.get("Collection-Policy") ?? undefined };
}

export interface Asked { parameters?: Parameters; token?: string | undefined; signal?: AbortSignal | undefined }

async function ask<T>(
  route: string, { parameters = {}, token, signal, method = "GET", json }: Asked & { method?: string; json?: string | undefined },
): Promise<{ body: T; headers: Headers }> {
  const url = new URL(route, stage);
  for (const [name, value] of Object.entries(parameters)) if (value !== undefined && value !== "") url.searchParams.set(name, String(value));
  const headers: Record<string, string> = { Accept: "application/json" };
  if (token) headers["Authorization"] = `Bearer ${token}`;
  if (json !== undefined) headers["Content-Type"] = "application/json";
  let answer: Response;
  try {
    answer = await fetch(url, { method, body: json ?? null, headers, signal: signal ?? null, cache: "no-store", credentials: "omit", redirect: "error" });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new ApiError(0, "The collector did not answer.");
  }
  const body: unknown = await answer.json().catch(() => undefined);
  if (!answer.ok) throw new ApiError(answer.status, detailOf(body));
  if (body === undefined) throw new ApiError(answer.status, "The answer was not JSON. A proxy may be intercepting requests.");
  return { body: body as T, headers: answer.headers };
}

function detailOf(body: unknown): string {
  const problem = (body ?? {}) as { detail?: unknown; message?: unknown };
  return typeof problem.detail === "string" ? problem.detail : typeof problem.message === "string" ? problem.message : "";
}
