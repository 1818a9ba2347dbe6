import type { CliRow, FeatureRow, SessionRow, Usage } from "../api";
import { chart } from "../chart";
import { startOf } from "../days";
import { bar, h, table } from "../dom";
import { day, number, percent, plural } from "../format";
import { spark } from "../spark";
import { empty, load } from "../states";
import type { UsageContext } from "./usageContext";
import { changed } from "./usageDetail";

const shown = 15;

export function cliPart({ ask, signal, refused }: UsageContext): HTMLElement {
  const body = h("div");
  void load(body, "commands", signal, () => ask<Usage<CliRow>>("cli", { by: "invocation", limit: shown, compare: "previous", trend: "parts" }), ({ rows, total }) => {
    if (rows.length === 0) return empty("No commands were counted on these days.", h("p", {}, "The CLI and lstk report the names of commands and options, without an id."));
    const rest = total.invocations - rows.reduce((sum, row) => sum + row.invocations, 0);
    const most = Math.max(...rows.map((row) => row.invocations));
    const others: CliRow = { invocations: rest };
    return table({ caption: "Commands by invocations", className: "bars" }, [
      { label: "Command", head: true, total: "All", cell: (row) => (row === others ? h("span", { class: "muted" }, "All others")
        : [h("span", { class: "mono" }, row.command), row.parameters && row.parameters.length > 0 && h("span", { class: "sub mono" }, row.parameters.join(" "))]) },
      { label: "", wide: true, cell: (row) => (row === others ? undefined : bar(row.invocations, most)) },
      { label: "Invocations", number: true, total: number(total.invocations), cell: (row) => number(row.invocations) },
      { label: "Change", number: true, wide: true, total: changed(total.invocations, total.previous?.invocations),
        cell: (row) => (row === others ? "" : [spark(row.trend), changed(row.invocations, row.previous?.invocations)]) },
    ], rest > 0 ? [...rows, others] : rows);
  }, refused);
  return h("section", { "aria-labelledby": "cli" }, h("h2", { id: "cli" }, "Commands"), body);
}

export function featuresPart({ ask, signal, refused }: UsageContext): HTMLElement {
  const body = h("div");
  void load(body, "features", signal, () => ask<Usage<FeatureRow>>("features", { by: "labels", limit: shown, compare: "previous", trend: "parts" }), ({ rows, total }) => {
    if (rows.length === 0) return empty("No feature uses were counted on these days.", h("p", {}, h("a", { href: "#/policy" }, "What is collected"), " lists the features that are counted."));
    const rest = total.uses - rows.reduce((sum, row) => sum + row.uses, 0);
    const others: FeatureRow = { uses: rest };
    return table({ caption: "Features by uses" }, [
      { label: "Feature", head: true, total: "All", cell: (row) => (row === others ? h("span", { class: "muted" }, "All others")
        : [h("span", { class: "mono" }, row.feature), row.labels && h("span", { class: "sub" }, Object.entries(row.labels).map(([name, value]) => `${name} ${value}`).join(", "))]) },
      { label: "Sums", cell: (row) => Object.entries(row.sums ?? {}).map(([name, value]) => h("span", { class: "line" }, `${name} ${number(value)}`, row.uses > 0 && h("span", { class: "muted" }, ` (${number(Math.round(value / row.uses))} per use)`))) },
      { label: "Uses", number: true, total: number(total.uses), cell: (row) => number(row.uses) },
      { label: "Change", number: true, wide: true, total: changed(total.uses, total.previous?.uses),
        cell: (row) => (row === others ? "" : [spark(row.trend), changed(row.uses, row.previous?.uses)]) },
    ], rest > 0 ? [...rows, others] : rows);
  }, refused);
  return h("section", { "aria-labelledby": "features" }, h("h2", { id: "features" }, "Features"), body);
}

export function sessionsPart({ ask, signal, refused }: UsageContext): HTMLElement {
  const body = h("div");
  void load(body, "sessions", signal, () => Promise.all([
    ask<Usage<SessionRow>>("sessions", { by: "day", compare: "previous" }),
    ask<Usage<SessionRow>>("sessions", { by: "version", compare: "previous" }),
    ask<Usage<SessionRow>>("sessions", { by: "system", compare: "previous" }),
  ]), ([{ rows, total }, versions, systems]) => {
    if (total.sessions === 0 && !total.active) return empty("No sessions were registered on these days.", h("p", {}, "Choose more days above."));
    const drawn = chart({
      label: `Sessions per day, ${plural(total.sessions, "session")} in all, and how many of them ran in CI. The table below has all numbers.`,
      whole: "sessions", part: "in CI", calm: true, step: 86400, utc: true, name: (from) => day(new Date(from * 1000).toISOString().slice(0, 10)),
    }, rows.map((row) => ({ from: startOf(row.day!), whole: row.sessions, part: row.ci ?? 0 })), signal);
    return [
      drawn.element,
      h("details", {}, h("summary", {}, "The same as a table"), table({ caption: "Sessions per day" }, [
        { label: "Day", head: true, total: "All", cell: (r) => day(r.day!) },
        { label: "Sessions", number: true, total: number(total.sessions), cell: (r) => number(r.sessions) },
        { label: "Active", number: true, total: optional(total.active), cell: (r) => optional(r.active) },
        { label: "Machines", number: true, total: optional(total.machines), cell: (r) => optional(r.machines) },
        { label: "In CI", number: true, total: optional(total.ci), cell: (r) => optional(r.ci) },
        { label: "In Docker", number: true, total: optional(total.docker), cell: (r) => optional(r.docker) },
        { label: "Change", number: true, wide: true, total: changed(total.sessions, total.previous?.sessions), cell: (r) => changed(r.sessions, r.previous?.sessions) },
      ], rows)),
      h("p", { class: "note" }, "A session counts as started once, and as active on each day on which it starts or sends events. A machine counts once per day. It cannot be recognized on the next day, so the sum over days counts it once for each day."),
      h("div", { class: "columns" }, share("Version", versions, (row) => row.version), share("System", systems, (row) => row.system)),
    ];
  }, refused);
  return h("section", { "aria-labelledby": "sessions" }, h("h2", { id: "sessions" }, "Sessions"), body);
}

const optional = (count: number | undefined): string => (count === undefined ? "not known" : number(count));

function share(label: string, { rows, total }: Usage<SessionRow>, name: (row: SessionRow) => string | undefined): HTMLElement {
  const most = Math.max(...rows.map((row) => row.sessions));
  return table({ caption: `Sessions by ${label.toLowerCase()}`, className: "bars" }, [
    { label, head: true, total: "All", cell: name },
    { label: "", wide: true, cell: (row) => bar(row.sessions, most) },
    { label: "Sessions", number: true, total: number(total.sessions), cell: (row) => number(row.sessions) },
    { label: "Share", number: true, total: "", cell: (row) => percent(total.sessions > 0 ? row.sessions / total.sessions : 0) },
    { label: "Change", number: true, wide: true, total: changed(total.sessions, total.previous?.sessions), cell: (row) => changed(row.sessions, row.previous?.sessions) },
  ], rows);
}
