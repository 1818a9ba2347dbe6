import { getPolicy, stageAddress, type Policy, type PolicyEvent, type PolicyField } from "../api";
import { h, replace, table, type Child } from "../dom";
import { number, plural } from "../format";
import { title } from "../guard";
import type { ViewContext } from "../view";
import { load } from "../states";
import { minePart } from "./mine";
import { actions } from "./policyWords";
import { previewPart } from "./preview";

/** Shows the policy that the collector enforces: the same file decides what is stored. */
export function policyView(context: ViewContext): void {
  const body = h("div");
  replace(context.main, ...title("What is collected", "These are the rules that the collector enforces, not a description of them. Data that they do not name is not kept."), body);
  void load(body, "the policy", context.signal, () => getPolicy(context.signal), (policy) => [
    policy.track_events === false && h("p", { class: "banner" }, "Tracking is switched off in this deployment: clients are told to stop, and events that still arrive are dropped."),
    previewPart(context.signal), minePart(context.signal), optOut(), retention(policy),
    group(policy, "Collected", "Each event with its fields: which are kept, changed before they are kept, or stripped.", (e) => e.collected),
    group(policy, "Switched off here", "Features that a deployment can switch on by name. Here they are dropped.", (e) => !e.collected && e.kind !== "never"),
    group(policy, "Never collected", "Dropped on arrival, whatever they contain. Events that are not listed on this page are dropped too.", (e) => e.kind === "never"),
    h("p", { class: "note" }, `Policy version ${policy.version}`, policy.hash ? ", SHA-256 " : undefined, policy.hash ? h("span", { class: "mono" }, policy.hash) : undefined,
      ". Every answer to a client has the hash in the header Collection-Policy."),
  ]);
}

function optOut(): HTMLElement {
  const way = (name: string, command: string, what: string) => h("div", {}, h("dt", {}, name), h("dd", {}, h("code", {}, command), h("span", { class: "sub" }, what)));
  return h("section", { "aria-labelledby": "opt-out" },
    h("h2", { id: "opt-out" }, "How to opt out"),
    h("dl", { class: "ways" },
      way("LocalStack", "DISABLE_EVENTS=1", "Set this in LocalStack’s environment. It then sends nothing at all."),
      way("lstk", "LOCALSTACK_DISABLE_EVENTS=1", "The same for the newer CLI."),
      way("Your auth token", `curl -X PUT ${stageAddress}/tracking -H "Authorization: Bearer $LOCALSTACK_AUTH_TOKEN" -H "Content-Type: application/json" -d '{"track_events": false}'`, "For every machine that uses the token: clients are told to stop at their next start, and later events are dropped.")));
}

function retention(policy: Policy): HTMLElement {
  return h("section", { "aria-labelledby": "retention" },
    h("h2", { id: "retention" }, "How long data is kept"),
    table({ caption: "How long each kind of record is kept" }, [
      { label: "Record", head: true, cell: (row) => row.holds },
      { label: "Kept for", cell: (row) => row.kept },
    ], Object.values(policy.retention).map(({ holds, days }) => (
      { holds: holds[0]!.toUpperCase() + holds.slice(1), kept: days == null ? "forever" : plural(days, "day") }))));
}

function group(policy: Policy, heading: string, lead: string, belongs: (event: PolicyEvent) => boolean): Child {
  const events = policy.events.filter(belongs);
  return events.length > 0 && h("section", { "aria-label": heading }, h("h2", {}, heading), h("p", { class: "note" }, lead), ...events.map((event) => eventPart(policy, event)));
}

const kinds: Record<PolicyEvent["kind"], string> = {
  session: "a session starts", call: "one AWS call, Pro", count: "AWS calls, counted", cli: "a command, anonymous", feature: "a feature, anonymous",
  activation: "a licence is activated", never: "never",
};

/** How long the record of an event is kept. The policy defines retention by kind of record. */
function kept(policy: Policy, event: PolicyEvent): string {
  const record = event.kind === "session" || event.kind === "call" || event.kind === "activation" ? event.kind : "log";
  const days = policy.retention[record]?.days;
  return days == null ? "" : record === "log" ? `The event for ${plural(days, "day")}, then only its count` : plural(days, "day");
}

function eventPart(policy: Policy, event: PolicyEvent): HTMLElement {
  const fields = event.fields ?? [];
  const stays = fields.filter((field) => !isTakenOff(field));
  const goes = fields.filter(isTakenOff);
  const head: Child[] = [h("span", { class: "mono name" }, event.name), h("span", { class: "tag" }, kinds[event.kind])];
  if (fields.length === 0) return h("div", { class: "event" }, h("p", { class: "event-head" }, ...head), h("p", { class: "why" }, event.sentence), because(event));
  return h("details", { class: "event", open: event.name === policy.events[0]?.name },
    h("summary", {}, ...head, h("span", { class: "muted count" }, `${stays.length} kept, ${goes.length} stripped`)),
    h("p", { class: "why" }, event.sentence), because(event),
    event.collected && h("p", { class: "note" }, `Kept: ${kept(policy, event)}.`),
    table({ caption: `Fields of ${event.name}`, className: "fields" }, [
      { label: "Field", head: true, cell: (field) => [h("span", { class: "mono" }, field.field), (field.tier ?? event.tier) === "pro" && !isTakenOff(field) && h("span", { class: "tag" }, "Pro only")] },
      { label: "Action", line: true, cell: (field) => [h("span", { class: isTakenOff(field) ? "action drop" : "action" }, actions[field.do] ?? field.do, field.at_most != null && `, at most ${number(field.at_most)} ${units[field.do] ?? "entries"}`), example(field)] },
      { label: "Why", line: true, cell: (field) => [h("span", { class: "why" }, field.sentence), field.because != null && h("span", { class: "sub" }, field.because)] },
    ], [...stays, ...goes]));
}

const because = (event: PolicyEvent): Child => event.because != null && h("p", { class: "note" }, event.because);

/** A client's own time is stripped too: the stored hour comes from the collector's clock. */
const isTakenOff = (field: PolicyField): boolean => field.do === "drop" || field.do === "cut_hour";

/** The unit of a limit: entries of a list, unless the action is named here. */
const units: Record<string, string> = {
  redact_message: "characters", redact_trace: "bytes", cut_user_agent: "characters", catalog_parameter: "names",
};

/** The policy's own examples of kept and removed values. Each is tested against its rule. */
function example(field: PolicyField): Child {
  if (isTakenOff(field)) return undefined;
  const text = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));
  const line = (word: string, value: unknown, becomes?: string) => h("span", { class: "sub" }, word && `${word} `, h("code", {}, text(value)), becomes);
  const into = field.do.startsWith("fingerprint") ? " becomes a fingerprint" : undefined;
  return h("span", { class: "examples" },
    field.keeps != null && (into ? line("", field.keeps, into)
      : field.kept_as != null ? h("span", { class: "sub" }, h("code", {}, text(field.keeps)), " becomes ", h("code", {}, text(field.kept_as))) : line("keeps", field.keeps)),
    field.removes != null && line("removes", field.removes));
}
