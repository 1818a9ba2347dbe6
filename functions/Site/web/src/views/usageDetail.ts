import type { LedgerRow, RequestRow, SessionRow, Usage } from "../api";
import { csv, save } from "../copies";
import { h, table, words, type Child } from "../dom";
import { day, number, percent, plural } from "../format";
import { empty, load } from "../states";
import { adoption, changeText, classes, ofClass, statusesText, uncertainDays, type UncertainDay } from "../usage";
import type { UsageContext } from "./usageContext";

const shown = 50;

/** A number's change, as an arrow and in words. */
export function changed(now: number, before: number | undefined): Child {
  const text = changeText(now, before);
  return text && h("span", { class: "change-text" }, text.arrow && h("span", { "aria-hidden": "true" }, `${text.arrow} `), text.words);
}

/** A button that downloads a table's rows for a spreadsheet. */
export const download = (name: string, names: string[], rows: () => unknown[][]): HTMLElement =>
  h("p", {}, h("button", { type: "button", class: "quiet", click: () => save(`${name}.csv`, csv(names, rows()), "text/csv") }, "Download as CSV"));

const callColumns = ["service", "operation", "status_code", "calls", "errors", "error_rate", "previous_calls"];
const callRow = (row: RequestRow): unknown[] => [row.service, row.operation, row.status_code, row.calls, row.errors, row.error_rate, row.previous?.calls];

/** The operations of one service, with their statuses. */
export function servicePart({ ask, days, signal, refused }: UsageContext, service: string, close: () => void): HTMLElement {
  const body = h("div");
  void load(body, "the operations", signal, () => ask<Usage<RequestRow & { statuses?: Record<string, number> }>>("requests", { by: "operation", service, compare: "previous" }), ({ rows, total }) => [
    table({ caption: `Operations of ${service}` }, [
      { label: "Operation", head: true, total: "All", cell: (row) => words(row.operation) },
      { label: "Calls", number: true, total: number(total.calls), cell: (row) => number(row.calls) },
      { label: "Errors", number: true, total: number(total.errors), cell: (row) => (row.errors > 0 ? h("span", { class: "trouble" }, number(row.errors)) : "0") },
      { label: "Rate", number: true, total: percent(total.error_rate), cell: (row) => percent(row.error_rate) },
      { label: "Statuses", wide: true, total: "", cell: (row) => statusesText(row.statuses) },
      { label: "Change", wide: true, total: changed(total.calls, total.previous?.calls), cell: (row) => changed(row.calls, row.previous?.calls) },
    ], rows),
    download(`usage-${service}-${days.from}-${days.to}`, callColumns, () => rows.map(callRow)),
  ], refused);
  return h("section", { "aria-labelledby": "one-service" },
    h("h2", { id: "one-service", tabindex: "-1" }, `Operations of ${service}`), h("p", {}, h("button", { type: "button", class: "quiet", click: close }, "Close")), body);
}

/** Operations by class of status. The first class is 501, not implemented. */
export function statusPart({ ask, days, signal, refused }: UsageContext): HTMLElement {
  const body = h("div");
  const list = h("div");
  const choice = h("select", { id: "status-class" }, ...classes.map(([value, label]) => h("option", { value }, label)));
  void load(body, "the statuses", signal, () => ask<Usage<RequestRow>>("requests", { by: "all", compare: "previous", limit: 10_000 }), ({ rows, omitted }) => {
    const draw = () => {
      const found = ofClass(rows, choice.value);
      const calls = found.reduce((sum, row) => sum + row.calls, 0);
      list.replaceChildren(...(found.length === 0 ? [empty("No calls ended with such a status on these days.")] : [
        table({ caption: "Operations by status" }, [
          { label: "Operation", head: true, total: "All", cell: (row) => [h("span", { class: "muted" }, row.service), " ", ...words(row.operation)] },
          { label: "Status", number: true, total: "", cell: (row) => String(row.status_code) },
          { label: "Calls", number: true, total: number(calls), cell: (row) => number(row.calls) },
          { label: "Change", wide: true, total: "", cell: (row) => changed(row.calls, row.previous?.calls) },
        ], found.slice(0, shown).concat(rest(found))),
        download(`usage-${choice.value}-${days.from}-${days.to}`, callColumns, () => found.map(callRow)),
      ]));
    };
    choice.addEventListener("change", draw);
    draw();
    return [
      h("p", { class: "controls" }, h("span", { class: "labelled" }, h("label", { for: "status-class" }, "Status"), choice)), list,
      omitted && h("p", { class: "note" }, `Combinations with the fewest calls are left out: ${plural(omitted.calls, "call")}.`)];
  }, refused);
  return h("section", { "aria-labelledby": "statuses" }, h("h2", { id: "statuses" }, "By status"), body);
}

function rest(found: RequestRow[]): RequestRow[] {
  const others = found.slice(shown);
  return others.length === 0 ? [] : [{ service: "", operation: `${others.length} others`, calls: others.reduce((sum, row) => sum + row.calls, 0), errors: 0, error_rate: 0 }];
}

/** How versions replaced each other. */
export function adoptionPart({ ask, days, signal, refused }: UsageContext): HTMLElement {
  const body = h("div");
  void load(body, "the versions", signal, () => ask<Usage<SessionRow>>("sessions", { by: "day" }), ({ rows, total }) => {
    if (total.sessions === 0) return empty("No sessions were registered on these days.");
    const { from, versions } = adoption(rows);
    return [
      table({ caption: "Share of sessions by version, over time" }, [
        { label: "Version", head: true, cell: (row) => row.version },
        ...from.map((first, i) => ({ label: `from ${day(first)}`, number: true, wide: i > 0 && i < from.length - 1, cell: (row: { shares: (number | undefined)[] }) => (row.shares[i] === undefined ? "–" : percent(row.shares[i])) })),
      ], versions),
      download(`versions-${days.from}-${days.to}`, ["version", ...from], () => versions.map((row) => [row.version, ...row.shares])),
    ];
  }, refused);
  return h("section", { "aria-labelledby": "adoption" }, h("h2", { id: "adoption" }, "Versions over time"), body);
}

const reasons: Record<UncertainDay["why"], string> = {
  unreadable: "Log items could not be read, so some calls may be missing",
  overflow: "A counter item was full, so some calls are counted without their operation",
  silent: "Nothing arrived, although events arrived before and after",
};

/** Names the days whose counts are unreliable, with the reasons; empty when there are none. */
export function trustPart({ ask, signal }: UsageContext): HTMLElement {
  const body = h("div");
  void Promise.all([ask<Usage<LedgerRow>>("ledger"), ask<Usage<RequestRow>>("requests", { by: "day" })]).then(([ledger, requests]) => {
    const uncertain = uncertainDays(ledger.rows, requests.rows);
    if (signal.aborted || uncertain.length === 0) return;
    body.append(h("div", { class: "banner", role: "status" },
      h("p", {}, "The counts of some of these days are unreliable. The ", h("a", { href: "#/balance" }, "balance"), " has details."),
      h("ul", {}, ...Object.entries(reasons).flatMap(([why, text]) => {
        const days = uncertain.filter((one) => one.why === why);
        return days.length === 0 ? [] : [h("li", {}, `${text}: ${days.map((one) => day(one.day)).join(", ")}.`)];
      }))));
  // An error here says nothing about the counts, so it is not shown. The balance view shows why it cannot be read.
  }, () => undefined);
  return body;
}
