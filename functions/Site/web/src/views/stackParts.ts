import { get, type Breakdown, type Caller, type Comparison, type ErrorGroup, type Page, type Stack, type StackSummary } from "../api";
import { shortAgent } from "../agents";
import { h, labelled, replace, table, type Child } from "../dom";
import { changeNames, changesOf, coverageOf, difference, failedIn, headline, isNotImplemented } from "../failures";
import { number, plural, time, timeToSecond } from "../format";
import { addressOf } from "../view";
import { empty, latest, load } from "../states";

/** The context shared by the parts of a stack's view. */
export interface StackContext {
  stack: Stack;
  token: string;
  signal: AbortSignal;
  refused: (error: unknown) => boolean;
  /** Filters the calls at the end of the page. */
  filter: (by: { service: string; operation?: string; status?: string }) => void;
}

/** `s3 PutObject`, with the service in a lighter colour. */
export const call = (of: { service: string; operation?: string }): Child[] => [h("span", { class: "muted" }, of.service), " ", of.operation];

export const status = (code: number): HTMLElement => h("span", { class: code >= 500 ? "status fault" : code >= 400 ? "status trouble" : "status" }, String(code));

/** A shortened user agent. The whole text is shown on hover and keyboard focus. */
export function agent(whole: string): HTMLElement {
  const short = shortAgent(whole);
  return short === whole ? h("span", {}, whole) : h("span", { class: "agent", tabindex: "0", role: "note", "aria-label": whole }, short, h("span", { class: "whole-agent", "aria-hidden": "true" }, whole));
}

const routeOf = (stack: Stack) => `stacks/${encodeURIComponent(stack.session)}`;

/** Errors by message, and calls by user agent. Both come from one answer of the API and are drawn in two places. */
export function breakdownParts(context: StackContext): { errors: HTMLElement; clients: HTMLElement; reload: () => void } {
  const { stack, token, signal, refused } = context;
  const errors = h("div"), clients = h("div");
  const reload = () => void load(errors, "the errors", signal, () => get<Breakdown>(`${routeOf(stack)}/breakdown`, {}, token, signal), (breakdown) => {
    replace(clients, ...clientsTable(context, breakdown));
    return errorsTable(context, breakdown);
  }, refused);
  if (stack.calls === 0) replace(errors, h("p", { class: "note" }, "No calls yet."));
  else reload();
  return {
    errors: h("section", { "aria-labelledby": "errors" }, h("h2", { id: "errors" }, "Errors"), errors),
    clients: h("section", { "aria-labelledby": "clients" }, h("h2", { id: "clients" }, "Callers"), clients),
    reload,
  };
}

function errorsTable({ filter }: StackContext, { errors, looked_at, complete }: Breakdown): Child[] {
  if (errors.length === 0) return [h("p", { class: "note" }, "None of the calls failed.")];
  const about = (e: ErrorGroup): Child[] => e.rest ? [h("span", { class: "muted" }, "others, only counted")] : [
    isNotImplemented(e) && h("span", { class: "tag" }, "not implemented"), isNotImplemented(e) && " ",
    isNotImplemented(e) && h("a", { href: coverageOf(e.service), rel: "noreferrer" }, `LocalStack’s coverage of ${e.service}`),
    e.err_type && h("span", { class: "mono line" }, e.err_type), e.err_msg && h("span", { class: "sub" }, e.err_msg)];
  return [
    table({ caption: "Errors by operation, status, type and message", className: "errors" }, [
      { label: "Operation", head: true, total: "All", cell: (e) => h("button", {
        type: "button", class: "link", "aria-label": `Show the calls of ${e.service} ${e.operation} with ${e.status_code}`,
        click: () => filter({ service: e.service, operation: e.operation, status: String(e.status_code) }),
      }, ...call(e)) },
      { label: "Status", number: true, total: "", cell: (e) => status(e.status_code) },
      { label: "Failed", number: true, total: number(failedIn(errors)), cell: (e) => number(e.calls) },
      { label: "Error", line: true, total: "", cell: about },
      { label: "First", wide: true, whole: true, total: "", cell: (e) => (e.first_at ? timeToSecond(e.first_at) : "") },
      { label: "Last", wide: true, whole: true, total: "", cell: (e) => (e.last_at ? timeToSecond(e.last_at) : "") },
      { label: "User agents", wide: true, total: "", cell: (e) => (e.user_agents ?? []).map((u) => h("span", { class: "line" }, agent(u.user_agent), h("span", { class: "muted" }, ` ${number(u.calls)}`))) },
    ], errors),
    !complete && h("p", { class: "note" }, `Messages were read from the newest ${number(looked_at)} calls; older errors are only counted.`),
  ];
}

const callersShown = 12;

function clientsTable({ filter }: StackContext, { clients, looked_at, complete }: Breakdown): Child[] {
  if (clients.length === 0) return [h("p", { class: "note" }, "No calls yet.")];
  const rows = (list: Caller[], caption: string) => table({ caption }, [
    { label: "User agent", head: true, cell: (c) => agent(c.user_agent) },
    { label: "Operation", cell: (c) => h("button", { type: "button", class: "link", click: () => filter({ service: c.service, operation: c.operation }) }, ...call(c)) },
    { label: "Calls", number: true, cell: (c) => number(c.calls) },
    { label: "Failed", number: true, cell: (c) => (c.failed > 0 ? h("span", { class: "trouble" }, number(c.failed)) : "0") },
  ], list);
  return [
    rows(clients.slice(0, callersShown), "Calls by user agent and operation"),
    clients.length > callersShown && h("details", {}, h("summary", {}, `${plural(clients.length - callersShown, "more combination")}`), rows(clients.slice(callersShown), "More calls by user agent and operation")),
    !complete && h("p", { class: "note" }, `Based on the newest ${number(looked_at)} calls.`),
  ];
}

/** The differences from an earlier run. This is the chosen run, or else the last run of the same kind. */
export function comparisonPart(context: StackContext, chosen: string | undefined, choose: (session: string | undefined) => void): HTMLElement {
  const { stack, token, signal, refused } = context;
  const body = h("div");
  const other = h("select", { id: "compare-with" }, h("option", { value: "" }, stack.is_ci ? "the previous CI run" : "the previous run outside CI"));
  const draw = latest(signal, (session: string, asked) =>
    void load(body, "the comparison", asked, () => get<Comparison>(`${routeOf(stack)}/comparison`, { with: session }, token, asked), (found) => comparisonTable(context, found), refused));
  other.addEventListener("change", () => { choose(other.value || undefined); draw(other.value); });
  // The list of runs is loaded separately, so that the comparison does not wait for it.
  void get<Page<StackSummary>>("stacks", { limit: 50 }, token, signal).then(({ rows }) => {
    const runs = rows.filter((row) => row.session !== stack.session && row.calls > 0);
    if (chosen && !runs.some((run) => run.session === chosen)) other.append(h("option", { value: chosen }, chosen.slice(0, 8)));
    other.append(...runs.map((run) => h("option", { value: run.session }, `${time(run.started_at)}${run.is_ci ? ", CI" : ""}, ${run.version ?? "unknown"}, ${plural(run.failed, "failure")}`)));
    other.value = chosen ?? "";
  }, () => undefined);
  draw(chosen ?? "");
  return h("section", { "aria-labelledby": "comparison" },
    h("h2", { id: "comparison" }, "Compared with another run"),
    h("div", { class: "controls" }, labelled("Compare with", other)), body);
}

function comparisonTable({ filter }: StackContext, comparison: Comparison): Child[] {
  const { session, with: other } = comparison;
  if (!other) return [empty("There is no earlier run of the same kind to compare with.", h("p", {}, "Choose one above, or come back after the next run."))];
  const changes = changesOf(comparison);
  const same = comparison.rows.length - changes.length;
  const upgraded = session.version !== other.version && h("span", {}, " LocalStack’s version was ", h("b", {}, other.version ?? "unknown"), " then and is ", h("b", {}, session.version ?? "unknown"), " now.");
  return [
    h("p", { role: "status", class: "verdict-line" }, h("b", {}, headline(comparison)),
      " Compared with ", h("a", { href: addressOf(["stacks", other.session]) }, `the run of ${time(other.started_at)}`), ".", upgraded),
    changes.length > 0 && table({ caption: "What changed, by operation", className: "changes" }, [
      { label: "Operation", head: true, cell: (c) => h("button", { type: "button", class: "link", click: () => filter({ service: c.service, operation: c.operation, ...(c.failed > 0 ? { status: "failed" } : {}) }) }, ...call(c)) },
      { label: "What changed", cell: (c) => h("span", { class: `change ${c.change}` }, changeNames[c.change]) },
      { label: "Failed", number: true, cell: (c) => (c.failed > 0 ? h("span", { class: "trouble" }, number(c.failed)) : "0") },
      { label: "Failed before", number: true, cell: (c) => number(c.failed_before) },
      { label: "Calls", number: true, cell: (c) => number(c.calls) },
      { label: "Calls before", number: true, wide: true, cell: (c) => number(c.calls_before) },
      { label: "Difference", number: true, wide: true, cell: (c) => difference(c.calls, c.calls_before) },
    ], changes),
    same > 0 && h("p", { class: "note" }, `${plural(same, "operation has", "operations have")} the same counts in both runs.`),
  ];
}
