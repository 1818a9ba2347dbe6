import { ApiError, get, type Summary } from "../api";
import { bar, h, labelled, replace, table, words, type Child } from "../dom";
import { month, share } from "../format";
import { title } from "../guard";
import type { ViewContext } from "../view";
import { empty, latest, load } from "../states";

const shown = 20;

/** The summary of all clients' usage. It is public, so that everyone who sends data can see the results. */
export function summaryView(context: ViewContext): void {
  const body = h("div");
  const draw = latest(context.signal, (asked: string | undefined, signal) => {
    void load(body, "the summary", signal, () => get<Summary>("summary", { month: asked }, undefined, signal).catch(unpublished),
      (summary) => content(summary, (chosen) => { context.remember({ month: chosen }); draw(chosen); }));
  });
  replace(context.main, ...title("What is used", "Shares of everything that was counted in a month. The summary is public, so that everyone who sends data can see the results."), body);
  draw(context.query.get("month") ?? undefined);
}

/** A deployment may publish no summary. A 404 is therefore not an error. */
function unpublished(error: unknown): undefined {
  if (error instanceof ApiError && error.status === 404) return undefined;
  throw error;
}

function content(summary: Summary | undefined, choose: (month: string) => void): Child[] {
  if (!summary) return [empty("There is no summary of this month, or this collector does not publish summaries.")];
  if (!summary.month) return [empty("No month has a summary yet.", h("p", {}, "A month is published a few days after its end."))];
  const months = h("select", { id: "month", change: () => choose(months.value) },
    ...summary.months.map((name) => h("option", { value: name, selected: name === summary.month }, month(name))));
  return [
    h("p", { class: "controls" }, labelled("Month", months)),
    h("div", { class: "columns" },
      part("services", "Services", "Share of calls", summary.services, (row) => row.service),
      part("operations", "Operations", "Share of calls", summary.operations, (row) => [h("span", { class: "muted" }, row.service), " ", ...words(row.operation)])),
    h("div", { class: "columns" },
      part("versions", "Versions", "Share of sessions", summary.versions, (row) => row.version),
      part("features", "Features", "Share of uses", summary.features, (row) => h("span", { class: "mono" }, row.feature))),
    h("p", { class: "note" }, `Only items that were counted at least ${summary.minimum.toLocaleString("en")} times in the month are shown, and shares have two digits, so they identify no one.`),
  ];
}

function part<Row extends { share: number }>(id: string, heading: string, label: string, rows: Row[], name: (row: Row) => Child | Child[]): HTMLElement {
  const most = Math.max(...rows.map((row) => row.share));
  const list = (some: Row[]) => table({ caption: `${heading} by share`, className: "bars" }, [
    { label: heading, head: true, cell: name },
    { label: "", wide: true, cell: (row) => bar(row.share, most) },
    { label, number: true, cell: (row) => share(row.share) },
  ], some);
  const rest = rows.length - shown;
  return h("section", { "aria-labelledby": id }, h("h2", { id }, heading),
    rows.length === 0 ? h("p", { class: "note" }, "Nothing was counted often enough.") : list(rows.slice(0, shown)),
    rest > 0 && h("details", {}, h("summary", {}, `${rest} more`), list(rows.slice(shown))));
}
