/** Creates the page's HTML elements. Text from the API is inserted as text, never as markup. */

export type Child = Node | string | null | undefined | false;

type Attributes = Record<string, string | boolean | undefined | ((event: Event) => void)>;

/** Creates an element. A function becomes a listener for the event named by its key; `true` sets an attribute without a value, `false` sets none. */
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

/** A name such as DescribeVpcEndpointServices that may wrap between its words. */
export const words = (name = ""): Child[] => name.split(/(?<=[a-z0-9])(?=[A-Z])/).flatMap((word, i) => (i > 0 ? [h("wbr"), word] : [word]));

/** A control with its label beside it. The two wrap together. */
export const labelled = (label: string, control: HTMLInputElement | HTMLSelectElement): HTMLElement =>
  h("span", { class: "labelled" }, h("label", { for: control.id }, label), control);

export interface Column<Row> {
  label: string;
  /** Aligned to the right and never wrapped. */
  number?: boolean;
  /** Hidden on narrow screens. The same information can be read elsewhere. */
  wide?: boolean;
  /** On a line of its own on narrow screens. */
  line?: boolean;
  /** Never wrapped. */
  whole?: boolean;
  /** Names the row for a screen reader. */
  head?: boolean;
  cell: (row: Row) => Child | Child[];
  /** The column's cell in the last row, which has the sums. */
  total?: Child;
}

export interface TableOptions {
  /** Read by screen readers. It also names the group that scrolls. */
  caption: string;
  className?: string;
}

let tables = 0;

/** A table in a group that scrolls sideways, also by keyboard. */
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

/** A bar whose length shows the part of the whole. The number beside it says the same. */
export function bar(part: number, whole: number, className = ""): HTMLElement {
  const fill = h("span", { class: `fill ${className}` });
  fill.style.width = `${whole > 0 ? Math.max(part > 0 ? 1 : 0, (part / whole) * 100) : 0}%`;
  return h("span", { class: "bar", "aria-hidden": "true" }, fill);
}
