/** Elements are made here and nowhere else. Whatever the API says goes in as text, never as markup. */

export type Child = Node | string | null | undefined | false;

type Attributes = Record<string, string | boolean | undefined | ((event: Event) => void)>;

/** An element. A function is a listener of the event that its key names; `true` is an attribute without a value, `false` none. */
export function h<K extends keyof HTMLElementTagNameMap>(tag: K, attributes: Attributes = {}, ...children: Child[]): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value !== undefined && value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  for (const child of children) if (child) element.append(child);
  return element;
}

export function replace(target: Element, ...children: Child[]): void {
  target.replaceChildren(...children.filter((child): child is Node | string => Boolean(child)));
}

/** A name such as DescribeVpcEndpointServices, which may go to the next line between its words. */
export const words = (name = ""): Child[] => name.split(/(?<=[a-z0-9])(?=[A-Z])/).flatMap((word, i) => (i > 0 ? [h("wbr"), word] : [word]));

/** A control with its label beside it; both go to the next line together. */
export const labelled = (label: string, control: HTMLInputElement | HTMLSelectElement): HTMLElement =>
  h("span", { class: "labelled" }, h("label", { for: control.id }, label), control);

export interface Column<Row> {
  label: string;
  /** Numbers stand to the right, in figures of one width. */
  number?: boolean;
  /** Left out where the screen is narrow; what it says can be read elsewhere. */
  wide?: boolean;
  /** Stands on a line of its own where the screen is narrow. */
  line?: boolean;
  /** Never broken into lines. */
  whole?: boolean;
  /** Names the row for a screen reader. */
  head?: boolean;
  cell: (row: Row) => Child | Child[];
  /** What stands in the last row, under the sum's line. */
  total?: Child;
}

export interface TableOptions {
  /** Said by a screen reader, and names the group that scrolls. */
  caption: string;
  className?: string;
}

let tables = 0;

/** A table in a region that scrolls sideways, by keyboard too. */
export function table<Row>(options: TableOptions, columns: Column<Row>[], rows: Iterable<Row>): HTMLElement {
  const id = `table-${++tables}`;
  const kind = (column: Column<Row>) => [column.number && "number", column.wide && "wide", column.line && "line", column.whole && "whole"].filter(Boolean).join(" ") || undefined;
  const body = h("tbody");
  for (const row of rows) {
    const line = h("tr");
    for (const column of columns) {
      const content = column.cell(row);
      const children = Array.isArray(content) ? content : [content];
      line.append(column.head ? h("th", { scope: "row", class: kind(column) }, ...children) : h("td", { class: kind(column) }, ...children));
    }
    body.append(line);
  }
  const head = h("thead", {}, h("tr", {}, ...columns.map((column) => (column.label ? h("th", { scope: "col", class: kind(column) }, column.label) : h("td", { class: kind(column) })))));
  const foot = columns.some((column) => column.total !== undefined)
    && h("tfoot", {}, h("tr", {}, ...columns.map((column) => column.head
      ? h("th", { scope: "row", class: kind(column) }, column.total)
      : h("td", { class: kind(column) }, column.total))));
  return h("div", { class: "scroll", role: "group", "aria-labelledby": id, tabindex: "0" },
    h("table", { class: options.className }, h("caption", { id, class: "hidden" }, options.caption), head, body, foot));
}

/** A bar whose length is the part of the whole; the number beside it says the same. */
export function bar(part: number, whole: number, className = ""): HTMLElement {
  const fill = h("span", { class: `fill ${className}` });
  fill.style.width = `${whole > 0 ? Math.max(part > 0 ? 1 : 0, (part / whole) * 100) : 0}%`;
  return h("span", { class: "bar", "aria-hidden": "true" }, fill);
}
