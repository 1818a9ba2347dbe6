import { get, type Overview, type OverviewRow } from "../api";
import { bar, h, replace, table, type Child } from "../dom";
import { number, percent, plural } from "../format";
import { guarded } from "../guard";
import { empty, load } from "../states";
import { addressOf, type ViewContext } from "../view";
import { call } from "./stackParts";

const days = 30;

/** The services and operations that fail most, over all stacks of one credential. */
export function overviewView(context: ViewContext): void {
  const heading = [
    h("p", { class: "crumb" }, h("a", { href: "#/stacks" }, "My stacks"), " / overview"),
    h("h1", {}, `What failed most in ${days} days`),
  ];
  guarded(context, "auth-token", heading, (token, refused) => {
    const body = h("div");
    replace(context.main, ...heading, body);
    void load(body, "the overview", context.signal, () => get<Overview>("stacks/overview", { days }, token, context.signal), content, refused);
  });
}

function content(overview: Overview): Child[] {
  if (overview.calls === 0) return [empty("No calls were made on these days.", h("p", {}, h("a", { href: "#/stacks" }, "All of your stacks")))];
  const tile = (name: string, value: number, note?: string, bad?: boolean) =>
    h("div", { class: bad ? "bad" : undefined }, h("dt", {}, name), h("dd", {}, number(value), note && h("span", { class: "sub" }, note)));
  const columns = (label: string, rows: OverviewRow[], name: (row: OverviewRow) => Child[], whole: boolean) => {
    const most = Math.max(...rows.map((row) => row.failed));
    return table({ caption: `${label}s by failures`, className: "bars" }, [
      { label, head: true, ...(whole ? { total: "All" } : {}), cell: name },
      { label: "", wide: true, cell: (row: OverviewRow) => bar(row.failed, most, "trouble") },
      { label: "Failed", number: true, ...(whole ? { total: number(overview.failed) } : {}), cell: (row) => (row.failed > 0 ? h("span", { class: "trouble" }, number(row.failed)) : "0") },
      { label: "Calls", number: true, ...(whole ? { total: number(overview.calls) } : {}), cell: (row) => number(row.calls) },
      { label: "Rate", number: true, wide: true, ...(whole ? { total: percent(overview.failed / overview.calls) } : {}), cell: (row) => percent(row.failed / row.calls) },
      { label: "Failing stacks", number: true, wide: true, cell: (row) => number(row.failing_stacks) },
    ], rows);
  };
  const failing = overview.operations.filter((row) => row.failed > 0);
  return [
    h("dl", { class: "tiles" }, tile("Stacks", overview.stacks, overview.complete ? undefined : "only the newest; there are more"), tile("Calls", overview.calls),
      tile("Failed", overview.failed, percent(overview.failed / overview.calls), overview.failed > 0)),
    h("div", { class: "columns" },
      h("section", { "aria-labelledby": "by-service" }, h("h2", { id: "by-service" }, "Services"),
        columns("Service", overview.services, (row) => [h("a", { href: addressOf(["stacks"], { service: row.service, failed: row.failed > 0 ? "true" : "" }) }, row.service)], true)),
      h("section", { "aria-labelledby": "by-operation" }, h("h2", { id: "by-operation" }, "Operations"),
        failing.length === 0 ? h("p", { class: "note" }, "None failed.") : columns("Operation", failing, call, false),
        failing.length > 0 && h("p", { class: "note" }, `${plural(failing.length, "operation")} with failures.`))),
  ];
}
