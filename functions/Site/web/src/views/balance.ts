import { get, type LedgerRow, type Usage } from "../api";
import { chart } from "../chart";
import { daysControl, lastDays, startOf, type Days } from "../days";
import { bar, h, replace, table, type Child } from "../dom";
import { day, number, percent, plural } from "../format";
import { title } from "../guard";
import type { ViewContext } from "../view";
import { empty, latest, load } from "../states";
import { reasons } from "./policyWords";

/** The most days that the API returns at once without a credential. */
const longest = 31;
let chosen: Days = lastDays(7);

/** The public ledger: the received events are the stored and the dropped ones, counted exactly. */
export function balanceView(context: ViewContext): void {
  const body = h("div");
  const draw = latest(context.signal, (days: Days, signal) => {
    chosen = days;
    void load(body, "the balance", signal, () => get<Usage<LedgerRow>>("usage/ledger", { from: days.from, to: days.to }, undefined, signal), (answer) => content(answer, signal));
  });
  replace(context.main,
    ...title("Balance", "Each event that reached the collector was either stored or dropped for a stated reason. These counts are public. A repeated request counts once."),
    daysControl(chosen, draw, longest), body);
  draw(chosen);
}

const droppedOf = (row: LedgerRow): number => Object.values(row.dropped).reduce((a, b) => a + b, 0);

function content({ rows, total }: Usage<LedgerRow>, signal: AbortSignal): Child[] {
  if (total.received === 0) return [empty("No events were received on these days.", h("p", {}, "Choose more days above. Events appear here a few seconds after a client sends them."))];
  const dropped = droppedOf(total);
  const wrong = [...rows, total].filter((row) => row.received !== row.stored + droppedOf(row));
  const drawn = chart({
    label: `Events per day: ${number(total.received)} received, ${number(dropped)} of them dropped. The table below has all numbers.`,
    whole: "received", part: "dropped", calm: true, step: 86400, utc: true, name: (from) => day(new Date(from * 1000).toISOString().slice(0, 10)),
  }, [...rows].sort((a, b) => (a.day! < b.day! ? -1 : 1)).map((row) => ({ from: startOf(row.day!), whole: row.received, part: droppedOf(row) })), signal);
  const byReason = Object.entries(total.dropped).filter(([, count]) => count > 0).sort(([, a], [, b]) => b - a);
  const stripped = Object.entries(total.stripped).filter(([, count]) => count > 0).sort(([, a], [, b]) => b - a);
  return [
    h("p", { class: "equation", role: "status" },
      h("span", {}, h("b", {}, number(total.received)), " received"), h("span", { class: "sign" }, "="),
      h("span", {}, h("b", {}, number(total.stored)), " stored"), h("span", { class: "sign" }, "+"),
      h("span", {}, h("b", {}, number(dropped)), " dropped"),
      wrong.length === 0 ? h("span", { class: "verdict good" }, `Adds up on each of ${plural(rows.length, "day")}.`)
        : h("span", { class: "verdict trouble" }, `Does not add up${wrong[0]!.day ? ` on ${wrong.filter((row) => row.day).map((row) => day(row.day!)).join(", ")}` : ""}. This is a fault of the collector; please report it.`)),
    total.unreadable ? h("p", { class: "banner" }, `${plural(total.unreadable, "log item")} could not be read; the number of events in them is not known.`) : "",
    drawn.element,
    eachDay(rows.length, table({ caption: "Events per day" }, [
      { label: "Day", head: true, total: "All", cell: (row) => day(row.day!) },
      { label: "Received", number: true, total: number(total.received), cell: (row) => number(row.received) },
      { label: "Stored", number: true, total: number(total.stored), cell: (row) => number(row.stored) },
      { label: "Dropped", number: true, total: number(dropped), cell: (row) => number(droppedOf(row)) },
      { label: "Share dropped", number: true, total: percent(dropped / total.received), cell: (row) => (row.received > 0 ? percent(droppedOf(row) / row.received) : "") },
    ], [...rows].sort((a, b) => (a.day! < b.day! ? 1 : -1)))),
    h("div", { class: "columns" },
      h("section", { "aria-labelledby": "reasons" }, h("h2", { id: "reasons" }, "Why events were dropped"),
        byReason.length === 0 ? h("p", { class: "note" }, "None.") : table({ caption: "Dropped events by reason" }, [
          { label: "Reason", head: true, total: "All", cell: ([reason]) => [reasons[reason] ?? reason, h("span", { class: "sub mono" }, reason)] },
          { label: "Events", number: true, total: number(dropped), cell: ([, count]) => number(count) },
          { label: "Share", number: true, total: "", cell: ([, count]) => percent(count / total.received) },
        ], byReason)),
      h("section", { "aria-labelledby": "stripped" }, h("h2", { id: "stripped" }, "Fields stripped from stored events"),
        stripped.length === 0 ? h("p", { class: "note" }, "None.") : table({ caption: "Stripped fields", className: "bars" }, [
          { label: "Field", head: true, cell: ([field]) => h("span", { class: "mono" }, field) },
          { label: "", wide: true, cell: ([, count]) => bar(count, stripped[0]![1]) },
          { label: "Times", number: true, cell: ([, count]) => number(count) },
        ], stripped))),
    h("p", { class: "note" }, h("a", { href: "#/policy" }, "What is collected"), " lists the fields that are stripped, and why."),
  ];
}

/** Up to 31 days are shown at once. A longer table is collapsed. */
const eachDay = (days: number, all: HTMLElement): HTMLElement =>
  days <= 31 ? all : h("details", {}, h("summary", {}, `Each of the ${number(days)} days`), all);
