/** The context that a view receives. It has its own file, so that the views do not depend on the page that shows them. */
export interface ViewContext {
  /** The element to draw into. */
  main: HTMLElement;
  /** The parts of the address after the view's name: `#/stacks/<session>` has one. */
  path: string[];
  /** The query of the address: filters and choices, so that a bookmark restores them. */
  query: URLSearchParams;
  /** Aborted when the reader leaves the view. */
  signal: AbortSignal;
  redraw: () => void;
  /** Writes filters and choices into the address without a new history entry. Empty and undefined ones are left out. */
  remember: (choices: Record<string, string | undefined>) => void;
}

/** A view's address: `addressOf(["stacks"], { failed: "true" })` is `#/stacks?failed=true`. */
export function addressOf(path: string[], choices: Record<string, string | undefined> = {}): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(choices)) if (value) query.set(name, value);
  return `#/${path.map(encodeURIComponent).join("/")}${query.size > 0 ? `?${query}` : ""}`;
}

/** Splits an address into path and query. Accepts any text. */
export function parseAddress(hash: string): { path: string[]; query: URLSearchParams } {
  const [path = "", query = ""] = hash.replace(/^#\/?/, "").split(/\?(.*)/s);
  return { path: path.split("/").map(decode), query: new URLSearchParams(query) };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
