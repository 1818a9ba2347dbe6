import { get, type CallEvent, type Page, type Stack } from "../api";
import { h, labelled, replace, table, type Column } from "../dom";
import { callsAsCsv, callsAsJson } from "../copies";
import { number, plural, timeToSecond, zone } from "../format";
import type { ViewContext } from "../view";
import { empty, failure } from "../states";
import { agent, call, status } from "./stackParts";
import type { Range } from "./timeline";

/** The filters of the calls. */
export interface CallFilter { service: string; operation?: string; status?: string }

export interface EventsPart { element: HTMLElement; setRange: (range: Range | undefined) => void; filter: (by: CallFilter) => void }

interface EventsContext {
  context: ViewContext;
  route: string;
  token: string;
  stack: Stack;
  refused: (error: unknown) => boolean;
  /** Keeps the filters in the address. */
  remember: (choices: Record<string, string | undefined>) => void;
  clearRange: () => void;
}

const pageSize = 50;

const columns: Column<CallEvent>[] = [
  { label: "Time", head: true, cell: (e) => h("time", { datetime: e.time, title: `Received ${e.time}` }, shownTime(e)) },
  { label: "Call", line: true, cell: (e) => [...call(e), e.is_internal && h("span", { class: "tag", title: "From inside LocalStack" }, "internal")] },
  { label: "Status", number: true, cell: (e) => status(e.status_code) },
  { label: "Error", line: true, cell: error },
  { label: "Region", wide: true, whole: true, cell: (e) => e.region ?? "" },
  { label: "Account", wide: true, whole: true, cell: (e) => e.account_id ?? "" },
  { label: "User agent", wide: true, whole: true, cell: (e) => (e.user_agent ? agent(e.user_agent) : "") },
];

/** The client's own time, unchanged, by which the list is sorted; the collector's time when the client sent none. */
const shownTime = (e: CallEvent): string => e.client_time?.slice(0, 19) ?? timeToSecond(e.time);

/** Sorts by the client's time, newest first. Calls with the same time keep the collector's order; calls without a time come last, as in the collector's answer. */
export function newestFirst(rows: readonly CallEvent[]): CallEvent[] {
  const key = (e: CallEvent) => e.client_time ?? "";
  return [...rows].sort((a, b) => (key(a) < key(b) ? 1 : key(a) > key(b) ? -1 : 0));
}

/** One line that unfolds to the whole message and the stack trace. */
function error(e: CallEvent): HTMLElement | string {
  if (!e.err_type && !e.err_msg && !e.stack_trace) return "";
  return h("details", { class: "error-text" },
    h("summary", {}, e.err_type && h("span", { class: "mono" }, e.err_type), e.err_type && " ", e.err_msg && h("span", { class: "muted" }, e.err_msg), !e.err_type && !e.err_msg && "Stack trace"),
    e.err_msg && h("p", {}, e.err_msg),
    e.stack_trace && h("pre", { tabindex: "0", "aria-label": "Stack trace" }, e.stack_trace));
}

/** The calls one by one, newest first, with filters. The range comes from the timeline. */
export function eventsPart({ context, route, token, stack, refused, remember, clearRange }: EventsContext): EventsPart {
  const services = [...new Set(stack.operations.map((o) => o.service))].sort();
  const service = select("event-service", "Service", [["", "All"], ...services.map((s): [string, string] => [s, s])]);
  const operation = select("event-operation", "Operation", []);
  const codes = [...new Set(stack.operations.map((o) => o.status_code))].sort((a, b) => a - b);
  const outcome = select("event-status", "Status", [["", "All"], ["ok", "Succeeded"], ["failed", "Failed"], ...codes.map((c): [string, string] => [String(c), String(c)])]);
  const clear = h("button", { type: "button", class: "quiet" }, "Clear filters");
  const results = h("div");
  const filters = h("form", { class: "controls", "aria-label": "Filters for the calls", submit: (event) => event.preventDefault() },
    service.part, operation.part, outcome.part, clear);
  const element = h("section", { "aria-labelledby": "calls" }, h("h2", { id: "calls", tabindex: "-1" }, "Calls, one by one"), filters, results);

  let range: Range | undefined;
  let asked = new AbortController();

  const fillOperations = () => {
    const chosen = operation.input.value;
    const names = [...new Set(stack.operations.filter((o) => !service.input.value || o.service === service.input.value).map((o) => o.operation))].sort();
    replace(operation.input, h("option", { value: "" }, "All"), ...names.map((name) => h("option", { value: name }, name)));
    operation.input.value = names.includes(chosen) ? chosen : "";
  };

  const ask = () => {
    asked.abort();
    asked = new AbortController();
    const { signal } = asked;
    remember({ service: service.input.value, operation: operation.input.value, status: outcome.input.value });
    const filtered = Boolean(service.input.value || operation.input.value || outcome.input.value || range);
    const parameters = {
      service: service.input.value, operation: operation.input.value, status: outcome.input.value, limit: pageSize,
      from: range && new Date(range[0] * 1000).toISOString(), to: range && new Date(range[1] * 1000).toISOString(),
    };
    const rows: CallEvent[] = [];
    /** With filters, a page may be short or empty without being the last, so this reads on until there are enough calls to show. */
    const fill = async (cursor: string | undefined): Promise<void> => {
      results.setAttribute("aria-busy", "true");
      if (rows.length === 0) replace(results, h("p", { class: "loading", role: "status" }, "Loading calls …"));
      try {
        const wanted = rows.length + pageSize;
        let next = cursor;
        do {
          const page: Page<CallEvent> = await get(`${route}/events`, { ...parameters, cursor: next }, token, signal);
          rows.push(...page.rows);
          next = page.cursor;
        } while (next !== undefined && rows.length < wanted);
        draw(next);
      } catch (failed) {
        if (signal.aborted || context.signal.aborted || refused(failed)) return;
        replace(results, failure(failed, ask));
      } finally {
        if (!signal.aborted) results.removeAttribute("aria-busy");
      }
    };
    const draw = (next: string | undefined) => {
      if (rows.length === 0) {
        replace(results, filtered
          ? empty("No calls match these filters.", h("button", { type: "button", click: reset }, "Clear filters"))
          : empty("No calls to show.", h("p", {}, stack.calls > 0 ? "The calls that are counted above have expired." : "Calls to this stack appear here.")));
        return;
      }
      const more = next !== undefined && h("button", { type: "button" }, "Show more calls");
      if (more) more.addEventListener("click", () => { more.disabled = true; void fill(next); });
      replace(results, table({ caption: "Calls, newest first", className: "events" }, columns, newestFirst(rows)),
        h("p", { class: "note", role: "status" }, `${number(rows.length)} ${rows.length === 1 ? "call" : "calls"}${next !== undefined ? " so far" : filtered ? " with these filters" : ""}, newest first. ${rows.some((e) => e.client_time != null) ? "Times are from the client’s clock. Hover over a time to see when the collector received the call." : `Times are when the collector received the calls, in ${zone}.`}`),
        more, copies(rows));
    };
    void fill(undefined);
  };

  const reset = () => { service.input.value = outcome.input.value = ""; range = undefined; clearRange(); fillOperations(); operation.input.value = ""; ask(); };
  service.input.addEventListener("change", () => { fillOperations(); ask(); });
  operation.input.addEventListener("change", ask);
  outcome.input.addEventListener("change", ask);
  clear.addEventListener("click", reset);
  context.signal.addEventListener("abort", () => asked.abort());
  service.input.value = context.query.get("service") ?? "";
  fillOperations();
  operation.input.value = context.query.get("operation") ?? "";
  outcome.input.value = context.query.get("status") ?? "";
  ask();

  return {
    element,
    setRange: (chosen) => { range = chosen; ask(); },
    filter: (by) => {
      service.input.value = by.service;
      fillOperations();
      operation.input.value = by.operation ?? "";
      outcome.input.value = by.status ?? "";
      ask();
      element.querySelector("h2")!.focus();
      element.scrollIntoView({ block: "start" });
    },
  };
}

/** Buttons that copy the shown calls to the clipboard, with all fields. */
function copies(rows: CallEvent[]): HTMLElement {
  const said = h("span", { role: "status", class: "note" });
  const button = (name: string, text: () => string) => h("button", {
    type: "button", class: "quiet",
    click: () => {
      // Without HTTPS, navigator.clipboard is undefined.
      Promise.resolve().then(() => navigator.clipboard.writeText(text())).then(
        () => { said.textContent = `${plural(rows.length, "call")} copied.`; },
        () => { said.textContent = "The browser does not allow the page to copy here. Use HTTPS or localhost."; });
    },
  }, name);
  return h("p", { class: "controls" }, button("Copy as JSON", () => callsAsJson(rows)), button("Copy as CSV", () => callsAsCsv(rows)), said);
}

function select(id: string, label: string, options: [string, string][]) {
  const input = h("select", { id }, ...options.map(([value, text]) => h("option", { value }, text)));
  return { input, part: labelled(label, input) };
}
