import { get, type RequestRow, type Usage } from "../api";
import { chart } from "../chart";
import { daysControl, daysIn, lastDays, startOf, type Days } from "../days";
import { bar, h, labelled, replace, table, words, type Child } from "../dom";
import { day, number, percent, plural } from "../format";
import { guarded, title } from "../guard";
import type { ViewContext } from "../view";
import { empty, latest, load } from "../states";
import { spark } from "../spark";
import { byGrowth } from "../usage";
import { adoptionPart, changed, servicePart, statusPart, trustPart } from "./usageDetail";
import type { UsageContext } from "./usageContext";
import { cliPart, featuresPart, sessionsPart } from "./usageParts";

const shown = 15;
let chosen: Days = lastDays(30);

/** Usage and failures over all clients. */
export function usageView(context: ViewContext): void {
  const heading = title("Usage", "What is used most over all clients, and what causes the most trouble. These are counts only; they identify no one.");
  guarded(context, "operator-key", heading, (token, refused) => {
    const parts = h("div", { class: "long" });
    const draw = latest(context.signal, (days: Days, signal) => {
      chosen = days;
      const opened = h("div");
      const open = (service: string | undefined) => {
        context.remember({ from: days.from, to: days.to, service });
        replace(opened, service && servicePart(usage, service, () => open(undefined)));
        if (service) opened.querySelector("h2")?.focus();
      };
      const usage: UsageContext = {
        days, signal, refused, open,
        ask: (route, parameters = {}) => get(`usage/${route}`, { from: days.from, to: days.to, ...parameters }, token, signal),
      };
      replace(parts, trustPart(usage), trendPart(usage), h("div", { class: "columns" }, rankPart(usage, "most-used"), rankPart(usage, "most-trouble")), opened,
        statusPart(usage), h("div", { class: "columns" }, cliPart(usage), featuresPart(usage)), sessionsPart(usage), adoptionPart(usage));
      const service = context.query.get("service");
      if (service) replace(opened, servicePart(usage, service, () => open(undefined)));
    });
    const [from, to] = [context.query.get("from"), context.query.get("to")];
    if (from && to && daysIn({ from, to }) >= 1) chosen = { from, to };
    replace(context.main, ...heading, daysControl(chosen, (days) => { context.remember({ from: days.from, to: days.to, service: context.query.get("service") ?? undefined }); draw(days); }), parts);
    draw(chosen);
  });
}

function trendPart({ ask, days, signal, refused }: UsageContext): HTMLElement {
  const body = h("div");
  void load(body, "the trend", signal, () => ask<Usage<RequestRow>>("requests", { by: "day", compare: "previous" }), ({ rows, total }) => {
    if (total.calls === 0) return empty("No calls were counted on these days.", h("p", {}, "Choose more days above. Calls appear here a few seconds after a client sends them."));
    const drawn = chart({
      label: `Calls per day from ${day(days.from)} to ${day(days.to)}, ${plural(total.calls, "call")} in all. The table below has all numbers.`,
      whole: "calls", part: "errors", step: 86400, utc: true, name: (from) => day(new Date(from * 1000).toISOString().slice(0, 10)),
    }, rows.map((row) => ({ from: startOf(row.day!), whole: row.calls, part: row.errors })), signal);
    return [
      h("dl", { class: "tiles" },
        h("div", {}, h("dt", {}, "Calls"), h("dd", {}, number(total.calls), change(total.calls, total.previous?.calls))),
        h("div", { class: total.errors > 0 ? "bad" : undefined }, h("dt", {}, "Errors"), h("dd", {}, number(total.errors), change(total.errors, total.previous?.errors))),
        h("div", {}, h("dt", {}, "Error rate"), h("dd", {}, percent(total.error_rate), total.previous && total.previous.calls > 0 && h("span", { class: "sub" }, `${percent(total.previous.error_rate)} before`)))),
      drawn.element,
      h("details", {}, h("summary", {}, "The same as a table"), table({ caption: "Calls and errors per day" }, [
        { label: "Day", head: true, total: "All", cell: (r) => day(r.day!) },
        { label: "Calls", number: true, total: number(total.calls), cell: (r) => number(r.calls) },
        { label: "Errors", number: true, total: number(total.errors), cell: (r) => number(r.errors) },
        { label: "Rate", number: true, total: percent(total.error_rate), cell: (r) => percent(r.error_rate) },
      ], rows)),
    ];
  }, refused);
  return h("section", { "aria-labelledby": "trend" }, h("h2", { id: "trend" }, "Calls per day"), body);
}

/** The change from the same number of days before; nothing when their counts are not known. */
function change(now: number, before: number | undefined): Child {
  if (before === undefined) return undefined;
  if (before === 0) return now > 0 && h("span", { class: "sub" }, "none before");
  const share = now / before - 1;
  return h("span", { class: "sub" }, share === 0 ? "unchanged" : `${share > 0 ? "+" : "−"}${percent(Math.abs(share))} from the days before`);
}

const names: Record<string, (row: RequestRow, open: (service: string) => void) => Child[]> = {
  service: (row, open) => [h("button", { type: "button", class: "link", title: "Show its operations below", click: () => open(row.service!) }, row.service)],
  operation: (row) => [h("span", { class: "muted" }, row.service), " ", ...words(row.operation)],
  status: (row) => [String(row.status_code)],
};

/** One ranking of services, operations or statuses: most used, or most trouble. */
function rankPart({ ask, signal, refused, open }: UsageContext, id: "most-used" | "most-trouble"): HTMLElement {
  const trouble = id === "most-trouble";
  const body = h("div");
  let by = trouble ? "operation" : "service", order = trouble ? "errors" : "calls", least = 100;
  const draw = () => {
    const growth = order === "growth";
    const parameters = { by, order: growth ? "calls" : order, limit: growth ? 10_000 : shown, compare: "previous", trend: "parts", ...(order === "error_rate" ? { min_calls: least } : {}) };
    void load(body, "the ranking", signal, () => ask<Usage<RequestRow>>("requests", parameters), (answer) => rank(growth ? { ...answer, rows: byGrowth(answer.rows).slice(0, shown) } : answer, by, order, open), refused);
  };
  const segments = (label: string, options: [string, string][], current: string, choose: (value: string) => void) => {
    const buttons = options.map(([value, text]) => h("button", {
      type: "button", class: "segment", "aria-pressed": String(value === current),
      click: (event) => {
        for (const button of buttons) button.setAttribute("aria-pressed", String(button === event.currentTarget));
        choose(value);
        draw();
      },
    }, text));
    return h("span", { class: "segments", role: "group", "aria-label": label }, ...buttons);
  };
  const floor = h("input", { id: "min-calls", type: "number", min: "1", step: "1", value: String(least), change: () => { least = Math.max(1, Math.round(floor.valueAsNumber) || 1); floor.value = String(least); draw(); } });
  const floorParts = h("span", { class: "controls inline", hidden: true }, labelled("with at least", floor), "calls");
  const grouping = segments("Group by", [["service", "Services"], ["operation", "Operations"], ["status", "Statuses"]], by, (value) => { by = value; });
  const element = h("section", { "aria-labelledby": id },
    h("h2", { id }, trouble ? "Most trouble" : "Most used"),
    h("div", { class: "controls" },
      grouping,
      !trouble && segments("Order", [["calls", "Calls"], ["sessions", "Pro sessions"], ["growth", "Growth"]], order, (value) => {
        order = value;
        // Sessions are counted by service only.
        if (order === "sessions") by = "service";
        grouping.hidden = order === "sessions";
      }),
      trouble && segments("Order", [["errors", "Errors"], ["error_rate", "Error rate"]], order, (value) => { order = value; floorParts.hidden = value !== "error_rate"; }),
      trouble && floorParts),
    body);
  draw();
  return element;
}

function rank({ rows, total, omitted }: Usage<RequestRow>, by: string, order: string, open: (service: string) => void): Child[] {
  const trouble = order === "errors" || order === "error_rate";
  const sessions = order === "sessions";
  const list = trouble ? rows.filter((row) => row.errors > 0) : rows;
  if (list.length === 0) return [empty(trouble ? "Nothing failed on these days." : "No calls were counted on these days.", h("p", {}, "Choose more days above."))];
  const length = (row: RequestRow) => (sessions ? row.sessions ?? 0 : trouble ? row.errors : row.calls);
  const most = Math.max(...list.map(length));
  // The shown rows and this one add up to the total.
  const rest = { calls: total.calls - sum(list, "calls"), errors: total.errors - sum(list, "errors"), error_rate: 0 };
  if (omitted && !trouble && omitted.calls > 0 && rows.length === shown && rest.calls !== omitted.calls) console.error("The parts of the ranking do not add up to its total.");
  const others: RequestRow = { ...rest, error_rate: rest.calls > 0 ? rest.errors / rest.calls : 0 };
  const all = rest.calls > 0 ? [...list, others] : list;
  const nameOf = (row: RequestRow) => (row === others ? [h("span", { class: "muted" }, "All others")] : names[by]!(row, open));
  const label = by === "service" ? "Service" : by === "operation" ? "Operation" : "Status";
  return [table({ caption: `${trouble ? "Most trouble" : "Most used"} by ${by}`, className: "bars" }, [
    { label, head: true, total: "All", cell: nameOf },
    { label: "", wide: true, cell: (row) => (row === others ? undefined : bar(length(row), most, trouble ? "trouble" : "")) },
    ...(sessions ? [{ label: "Pro sessions", number: true, total: "", cell: (row: RequestRow) => (row === others ? "" : number(row.sessions ?? 0)) }] : []),
    { label: "Calls", number: true, total: number(total.calls), cell: (row) => number(row.calls) },
    { label: "Errors", number: true, total: number(total.errors), cell: (row) => (row.errors > 0 ? h("span", { class: "trouble" }, number(row.errors)) : "0") },
    { label: "Rate", number: true, total: percent(total.error_rate), cell: (row) => percent(row.error_rate) },
    { label: "Change", number: true, wide: true, total: changed(trouble ? total.errors : total.calls, trouble ? total.previous?.errors : total.previous?.calls),
      cell: (row) => (row === others ? "" : [spark(row.trend), !sessions && changed(trouble ? row.errors : row.calls, trouble ? row.previous?.errors : row.previous?.calls)]) },
  ], all)];
}

const sum = (rows: RequestRow[], key: "calls" | "errors") => rows.reduce((total, row) => total + row[key], 0);
