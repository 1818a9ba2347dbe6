import { get, stageAddress, type Page, type StackSummary } from "../api";
import { h, labelled, replace, table, type Child, type Column } from "../dom";
import { duration, number, percent, plural, time, zone } from "../format";
import { guarded, title } from "../guard";
import { addressOf, type ViewContext } from "../view";
import { empty, failure, latest, load } from "../states";

const pageSize = 50;

/** The list of one credential's sessions, newest first, with filters that are kept in the address. */
export function stacksView(context: ViewContext): void {
  const heading = title("My stacks", "Each run of LocalStack with your auth token, with its calls and failures.");
  guarded(context, "auth-token", heading, (token, refused) => {
    const list = h("section", { "aria-label": "Stacks" });
    const draw = latest(context.signal, (filters: Filters, signal) => {
      context.remember(filters);
      const fill = (cursor?: string) => page(filters, cursor, token, signal);
      void load(list, "your stacks", signal, fill, (first) => {
        if (first.rows.length === 0) return isFiltered(filters) ? empty("No stacks match these filters.", h("p", {}, "Change them above, or clear them.")) : nothing();
        const all: StackSummary[] = [];
        const content = h("div");
        const add = (found: Page<StackSummary>) => {
          all.push(...found.rows);
          const shown = h("p", { class: "note", role: "status" }, `${plural(all.length, "stack")}${found.cursor ? " so far" : ""}. Times in ${zone}.`);
          const more = found.cursor && h("button", { type: "button" }, "Show older stacks");
          if (more) more.addEventListener("click", () => {
            more.disabled = true;
            fill(found.cursor).then(add, (error: unknown) => { if (!signal.aborted && !refused(error)) content.append(failure(error, context.redraw)); });
          });
          replace(content, stacksTable(all), shown, more);
        };
        add(first);
        return content;
      }, refused);
    });
    const filters = Object.fromEntries(names.map((name) => [name, context.query.get(name) ?? undefined]));
    replace(context.main, ...heading,
      h("p", { class: "controls" }, h("a", { href: "#/stacks/overview" }, "What failed most in 30 days, over all stacks")),
      filterForm(filters, draw), list);
    draw(filters);
  });
}

const names = ["ci", "failed", "version", "service", "session", "from", "to"] as const;
type Filters = Partial<Record<(typeof names)[number], string | undefined>>;

const isFiltered = (filters: Filters): boolean => names.some((name) => filters[name]);

/** A page of the list. With filters, a page of the API may be empty without being the last, so this reads on until there is a stack to show. */
async function page(filters: Filters, cursor: string | undefined, token: string, signal: AbortSignal): Promise<Page<StackSummary>> {
  const rows: StackSummary[] = [];
  let next = cursor;
  do {
    const found: Page<StackSummary> = await get("stacks", { ...filters, limit: pageSize, cursor: next }, token, signal);
    rows.push(...found.rows);
    next = found.cursor;
  } while (next !== undefined && rows.length === 0);
  return next === undefined ? { rows } : { rows, cursor: next };
}

function filterForm(chosen: Filters, draw: (filters: Filters) => void): HTMLElement {
  const where = h("select", { id: "filter-ci" }, ...[["", "everywhere"], ["true", "in CI"], ["false", "outside CI"]].map(([value, text]) => h("option", { value: value! }, text)));
  const failed = h("input", { id: "filter-failed", type: "checkbox" });
  const text = (name: "version" | "service" | "session", size: string) => h("input", { id: `filter-${name}`, type: "text", size, autocomplete: "off", spellcheck: "false", autocapitalize: "off" });
  const day = (name: "from" | "to") => h("input", { id: `filter-${name}`, type: "date" });
  const inputs = { version: text("version", "10"), service: text("service", "12"), session: text("session", "12"), from: day("from"), to: day("to") };
  const read = (): Filters => ({
    ci: where.value, failed: failed.checked ? "true" : "",
    ...Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, input.value.trim()])),
  });
  const write = (filters: Filters) => {
    where.value = filters.ci ?? "";
    failed.checked = filters.failed === "true";
    for (const [name, input] of Object.entries(inputs)) input.value = filters[name as keyof typeof inputs] ?? "";
  };
  const changed = () => {
    // A complete id opens its stack instead of filtering the list.
    if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(inputs.session.value.trim())) location.hash = addressOf(["stacks", inputs.session.value.trim().toLowerCase()]);
    else draw(read());
  };
  write(chosen);
  return h("form", { class: "controls filters", "aria-label": "Filters for the stacks", submit: (event) => { event.preventDefault(); changed(); }, change: changed },
    labelled("Ran", where), h("span", { class: "labelled" }, failed, h("label", { for: "filter-failed" }, "Failed only")),
    labelled("Version", inputs.version), labelled("Service", inputs.service), labelled("Started from", inputs.from), labelled("to", inputs.to),
    labelled("Session id", inputs.session),
    h("button", { type: "button", class: "quiet", click: () => { write({}); draw({}); } }, "Clear filters"));
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

/** Shows five names and the number of the others. */
function serviceNames(names: string[]): Child[] {
  if (names.length === 0) return [h("span", { class: "muted" }, "none yet")];
  const rest = names.length - 5;
  return [names.slice(0, 5).join(", "), rest > 0 && h("span", { class: "muted", title: names.slice(5).join(", ") }, ` and ${rest} more`)];
}

export const where = (s: StackSummary): string =>
  [s.is_ci ? "CI" : undefined, s.is_docker ? "Docker" : undefined].filter(Boolean).join(", ") || (s.is_ci === undefined && s.is_docker === undefined ? "unknown" : "local");

/** The collector keeps only fingerprints of tokens, so it cannot distinguish a wrong token from an unused one. */
const nothing = () => empty(
  "No stack has run with this token yet.",
  h("p", {}, "The collector keeps only fingerprints of tokens, so it cannot distinguish an unused token from a mistyped one. If your token should have stacks, forget it above and type it again."),
  h("p", {}, "To report a stack here, start LocalStack with your token and this address:"),
  h("pre", { tabindex: "0" }, `LOCALSTACK_AUTH_TOKEN=ls-… ANALYTICS_API=${stageAddress} localstack start`));
