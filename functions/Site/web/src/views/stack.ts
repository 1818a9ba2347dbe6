import { get, type OperationCalls, type Stack } from "../api";
import { bar, h, replace, table, type Child } from "../dom";
import { duration, number, percent, plural, time } from "../format";
import { guarded } from "../guard";
import type { ViewContext } from "../view";
import { load } from "../states";
import { eventsPart } from "./events";
import { agent, breakdownParts, call, comparisonPart, status, type StackContext } from "./stackParts";
import { where } from "./stacks";
import { timelinePart } from "./timeline";

/** How often a running stack is reloaded, and how long after its last call it counts as running. Clients report every 10 seconds. */
const refreshEvery = 10_000, runsFor = 120_000;

/** One session: its errors, the differences from an earlier run, its calls over time and by service, and the single calls. */
export function stackView(context: ViewContext, session: string): void {
  const heading = [
    h("p", { class: "crumb" }, h("a", { href: "#/stacks" }, "My stacks"), " / ", h("span", { class: "mono" }, session)),
    h("h1", {}, "Stack"),
  ];
  guarded(context, "auth-token", heading, (token, refused) => {
    const body = h("div");
    replace(context.main, ...heading, body);
    const route = `stacks/${encodeURIComponent(session)}`;
    const ask = () => get<Stack>(route, {}, token, context.signal);
    const choices: Record<string, string | undefined> = Object.fromEntries(context.query);
    const remember = (more: Record<string, string | undefined>) => { Object.assign(choices, more); context.remember(choices); };
    void load(body, "the stack", context.signal, ask, (stack) => {
      context.main.querySelector("h1")!.textContent = `Stack of ${time(stack.started_at)}`;
      const timeline = stack.timeline.length > 0 ? timelinePart(stack, context.signal, (range) => events.setRange(range)) : undefined;
      const events = eventsPart({ context, route, token, stack, refused, remember, clearRange: () => timeline?.clear() });
      const shared: StackContext = { stack, token, signal: context.signal, refused, filter: events.filter };
      const breakdown = breakdownParts(shared);
      const head = h("div", {}, tiles(stack));
      const services = h("div", {}, servicesPart(stack, (service) => events.filter({ service })));
      const live = liveLine(stack, ask, context.signal, (newer) => {
        replace(head, tiles(newer));
        if (!services.contains(document.activeElement)) replace(services, servicesPart(newer, (service) => events.filter({ service })));
        breakdown.reload();
      });
      return [
        live, head,
        breakdown.errors,
        stack.calls > 0 && comparisonPart(shared, context.query.get("with") ?? undefined, (other) => remember({ with: other })),
        timeline?.element,
        h("div", { class: "columns" }, services, breakdown.clients),
        h("div", { class: "columns" },
          sharesPart("Regions", "Region", stack.regions.map((r) => [r.region, r.calls]), stack.calls),
          sharesPart("User agents", "User agent", stack.user_agents.map((u) => [u.user_agent, u.calls]), stack.calls)),
        events.element,
      ];
    }, refused);
  });
}

/** Reloads a running stack every few seconds, unless this is paused or the tab is hidden. */
function liveLine(first: Stack, ask: () => Promise<Stack>, signal: AbortSignal, show: (stack: Stack) => void): Child {
  const isRunning = (stack: Stack) => Date.now() - Date.parse(stack.last_seen_at) < runsFor;
  if (!isRunning(first)) return undefined;
  let shown = first;
  const line = h("span", { role: "status" }, "Running: refreshed every 10 seconds.");
  const pause = h("button", { type: "button", class: "quiet", "aria-pressed": "false" }, "Pause");
  pause.addEventListener("click", () => pause.setAttribute("aria-pressed", String(pause.getAttribute("aria-pressed") === "false")));
  const timer = setInterval(() => {
    if (document.hidden || pause.getAttribute("aria-pressed") === "true") return;
    ask().then((stack) => {
      if (signal.aborted) return;
      if (stack.calls !== shown.calls) show(stack);
      shown = stack;
      if (isRunning(stack)) return;
      clearInterval(timer);
      line.textContent = "No longer running.";
      pause.remove();
    // A failed reload is ignored: the next one may succeed, and readers can reload the page.
    }, () => undefined);
  }, refreshEvery);
  signal.addEventListener("abort", () => clearInterval(timer));
  return h("p", { class: "live controls" }, line, pause);
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
    sums.length === 0 ? h("p", { class: "note" }, "No calls yet.") : table({ caption: "Calls by service", className: "bars" }, [
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

function sharesPart(heading: string, label: string, counts: [string, number][], total: number): HTMLElement {
  return h("section", { "aria-label": heading },
    h("h2", {}, heading),
    counts.length === 0 ? h("p", { class: "note" }, "No calls yet.") : table({ caption: `Calls by ${label.toLowerCase()}` }, [
      { label, head: true, total: "All", cell: ([name]) => (label === "User agent" ? agent(name) : name) },
      { label: "Calls", number: true, total: number(total), cell: ([, calls]) => number(calls) },
      { label: "Share", number: true, total: "", cell: ([, calls]) => percent(calls / total) },
    ], counts));
}
