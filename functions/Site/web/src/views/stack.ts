import { get, type OperationCalls, type Stack } from "../api";
import { bar, h, replace, table, type Child } from "../dom";
import { duration, number, percent, plural, time } from "../format";
import { guarded } from "../guard";
import type { ViewContext } from "../view";
import { load } from "../states";
import { eventsPart } from "./events";
import { where } from "./stacks";
import { timelinePart } from "./timeline";

/** One session: its numbers, its calls over time, what was called, and each call. */
export function stackView(context: ViewContext, session: string): void {
  const heading = [
    h("p", { class: "crumb" }, h("a", { href: "#/stacks" }, "My stacks"), " / ", h("span", { class: "mono" }, session)),
    h("h1", {}, "Stack"),
  ];
  guarded(context, "auth-token", heading, (token, refused) => {
    const body = h("div");
    replace(context.main, ...heading, body);
    const route = `stacks/${encodeURIComponent(session)}`;
    void load(body, "the stack", context.signal, () => get<Stack>(route, {}, token, context.signal), (stack) => {
      context.main.querySelector("h1")!.textContent = `Stack of ${time(stack.started_at)}`;
      const timeline = stack.timeline.length > 0 ? timelinePart(stack, context.signal, (range) => events.setRange(range)) : undefined;
      const events = eventsPart(context, route, token, stack, refused, () => timeline?.clear());
      return [
        tiles(stack),
        timeline?.element,
        h("div", { class: "columns" },
          h("div", {}, servicesPart(stack, (service) => events.setService(service)), sharesPart("Regions", "Region", stack.regions.map((r) => [r.region, r.calls]), stack.calls)),
          h("div", {}, errorsPart(stack), sharesPart("User agents", "User agent", stack.user_agents.map((u) => [u.user_agent, u.calls]), stack.calls))),
        events.element,
      ];
    }, refused);
  });
}

function tiles(stack: Stack): HTMLElement {
  const tile = (name: string, value: string, note?: string, className?: string) =>
    h("div", { class: className }, h("dt", {}, name), h("dd", {}, value, note && h("span", { class: "sub" }, note)));
  return h("dl", { class: "tiles", "aria-label": "The whole stack" },
    tile("Calls", number(stack.calls), plural(stack.services.length, "service")),
    tile("Succeeded", number(stack.succeeded), stack.calls > 0 ? percent(stack.succeeded / stack.calls) : undefined),
    tile("Failed", number(stack.failed), stack.calls > 0 ? percent(stack.failed / stack.calls) : undefined, stack.failed > 0 ? "bad" : undefined),
    tile("Ran for", duration(stack.duration_s), `last seen ${time(stack.last_seen_at)}`),
    tile("LocalStack", stack.version ?? "unknown", where(stack)));
}

interface ServiceSum { service: string; calls: number; failed: number; operations: OperationCalls[] }

function byService(operations: OperationCalls[]): ServiceSum[] {
  const sums = new Map<string, ServiceSum>();
  for (const operation of operations) {
    let sum = sums.get(operation.service);
    if (!sum) sums.set(operation.service, sum = { service: operation.service, calls: 0, failed: 0, operations: [] });
    sum.calls += operation.calls;
    if (operation.status_code >= 400) sum.failed += operation.calls;
    sum.operations.push(operation);
  }
  return [...sums.values()].sort((a, b) => b.calls - a.calls);
}

function servicesPart(stack: Stack, choose: (service: string) => void): HTMLElement {
  const sums = byService(stack.operations);
  const most = Math.max(...sums.map((s) => s.calls));
  return h("section", { "aria-labelledby": "services" },
    h("h2", { id: "services" }, "Calls by service"),
    sums.length === 0 ? h("p", { class: "note" }, "No call yet.") : table({ caption: "Calls by service", className: "bars" }, [
      { label: "Service", head: true, total: "All", cell: (s) => h("button", { type: "button", class: "link", title: "Show its calls below", click: () => choose(s.service) }, s.service) },
      { label: "", wide: true, cell: (s) => bar(s.calls, most) },
      { label: "Calls", number: true, total: number(stack.calls), cell: (s) => number(s.calls) },
      { label: "Failed", number: true, total: number(stack.failed), cell: (s) => (s.failed > 0 ? h("span", { class: "trouble" }, number(s.failed)) : "0") },
      { label: "Rate", number: true, total: stack.calls > 0 ? percent(stack.failed / stack.calls) : "", cell: (s) => percent(s.failed / s.calls) },
    ], sums),
    sums.length > 0 && h("details", {}, h("summary", {}, `All ${plural(stack.operations.length, "operation and status", "operations and statuses")}`),
      table({ caption: "Calls by operation and status" }, [
        { label: "Operation", head: true, total: "All", cell: call },
        { label: "Status", number: true, total: "", cell: (o) => status(o.status_code) },
        { label: "Calls", number: true, total: number(stack.calls), cell: (o) => number(o.calls) },
      ], stack.operations)));
}

/** `s3 PutObject`, the service lighter. */
export const call = (of: { service: string; operation: string }): Child[] => [h("span", { class: "muted" }, of.service), " ", of.operation];

export const status = (code: number): HTMLElement => h("span", { class: code >= 500 ? "status fault" : code >= 400 ? "status trouble" : "status" }, String(code));

function errorsPart(stack: Stack): HTMLElement {
  const errors = stack.operations.filter((o) => o.status_code >= 400);
  return h("section", { "aria-labelledby": "errors" },
    h("h2", { id: "errors" }, "Errors"),
    errors.length === 0 ? h("p", { class: "note" }, stack.calls > 0 ? "None of the calls failed." : "No call yet.") : table({ caption: "Errors by operation and status" }, [
      { label: "Operation", head: true, total: "All", cell: call },
      { label: "Status", number: true, total: "", cell: (o) => status(o.status_code) },
      { label: "Failed", number: true, total: number(stack.failed), cell: (o) => number(o.calls) },
    ], errors));
}

function sharesPart(heading: string, label: string, counts: [string, number][], total: number): HTMLElement {
  return h("section", { "aria-label": heading },
    h("h2", {}, heading),
    counts.length === 0 ? h("p", { class: "note" }, "No call yet.") : table({ caption: `Calls by ${label.toLowerCase()}` }, [
      { label, head: true, total: "All", cell: ([name]) => name },
      { label: "Calls", number: true, total: number(total), cell: ([, calls]) => number(calls) },
      { label: "Share", number: true, total: "", cell: ([, calls]) => percent(calls / total) },
    ], counts));
}
