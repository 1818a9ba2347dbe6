import { get, stageAddress, type Page, type StackSummary } from "../api";
import { h, replace, table, type Child, type Column } from "../dom";
import { duration, number, percent, plural, time, zone } from "../format";
import { guarded, title } from "../guard";
import type { ViewContext } from "../view";
import { empty, failure, load } from "../states";

const pageSize = 50;

/** The list of one credential's sessions, newest first. */
export function stacksView(context: ViewContext): void {
  const heading = title("My stacks", "Each time LocalStack ran with your auth token, what was called, and what failed.");
  guarded(context, "auth-token", heading, (token, refused) => {
    const list = h("section", { "aria-label": "Stacks" });
    replace(context.main, ...heading, list);
    const ask = (cursor?: string) => get<Page<StackSummary>>("stacks", { limit: pageSize, cursor }, token, context.signal);
    void load(list, "your stacks", context.signal, ask, (first) => {
      if (first.rows.length === 0) return nothing();
      const all: StackSummary[] = [];
      const content = h("div");
      const add = (page: Page<StackSummary>) => {
        all.push(...page.rows);
        const shown = h("p", { class: "note", role: "status" }, `${plural(all.length, "stack")}${page.cursor ? " so far" : ""}. Times in ${zone}.`);
        const more = page.cursor && h("button", { type: "button" }, "Show older stacks");
        if (more) more.addEventListener("click", () => {
          more.disabled = true;
          ask(page.cursor).then(add, (error: unknown) => { if (!context.signal.aborted && !refused(error)) content.append(failure(error, context.redraw)); });
        });
        replace(content, stacksTable(all), shown, more);
      };
      add(first);
      return content;
    }, refused);
  });
}

const columns: Column<StackSummary>[] = [
  { label: "Started", head: true, cell: (s) => [h("a", { href: `#/stacks/${encodeURIComponent(s.session)}` }, time(s.started_at))] },
  { label: "Ran for", number: true, cell: (s) => duration(s.duration_s) },
  { label: "Calls", number: true, cell: (s) => number(s.calls) },
  { label: "Failed", number: true, cell: (s) => (s.failed > 0 ? h("span", { class: "trouble" }, number(s.failed)) : "0") },
  { label: "Rate", number: true, wide: true, cell: (s) => (s.calls > 0 ? percent(s.failed / s.calls) : "") },
  { label: "Services", wide: true, cell: (s) => serviceNames(s.services) },
  { label: "Version", wide: true, cell: (s) => s.version ?? "unknown" },
  { label: "Where", wide: true, cell: (s) => where(s) },
  { label: "Session", wide: true, cell: (s) => h("span", { class: "mono", title: s.session }, s.session.slice(0, 8)) },
];

const stacksTable = (rows: StackSummary[]) => table({ caption: "Your stacks, newest first", className: "stacks" }, columns, rows);

/** Five names fit; the rest is counted. */
function serviceNames(names: string[]): Child[] {
  if (names.length === 0) return [h("span", { class: "muted" }, "none yet")];
  const rest = names.length - 5;
  return [names.slice(0, 5).join(", "), rest > 0 && h("span", { class: "muted", title: names.slice(5).join(", ") }, ` and ${rest} more`)];
}

export const where = (s: StackSummary): string =>
  [s.is_ci ? "CI" : undefined, s.is_docker ? "Docker" : undefined].filter(Boolean).join(", ") || (s.is_ci === undefined && s.is_docker === undefined ? "unknown" : "local");

/** The collector keeps fingerprints, no list of tokens: it can't tell a wrong token from one that was never used. */
const nothing = () => empty(
  "No stack ran with this token yet.",
  h("p", {}, "The collector keeps only fingerprints of tokens, so it can’t tell a token that has not been used from one that is mistyped. If yours should have stacks, forget it above and type it again."),
  h("p", {}, "To report a stack here, start LocalStack with its token and this address:"),
  h("pre", { tabindex: "0" }, `LOCALSTACK_AUTH_TOKEN=ls-… ANALYTICS_API=${stageAddress} localstack start`));
