/** What a view gets. It stands in a file of its own, so that the views don't depend on the page that shows them. */
export interface ViewContext {
  /** Where to draw. */
  main: HTMLElement;
  /** The rest of the address behind the view's name: `#/stacks/<session>` has one part. */
  path: string[];
  /** What stands behind the address's question mark: filters and choices, so that a bookmark brings them back. */
  query: URLSearchParams;
  /** Says that the reader has gone on. */
  signal: AbortSignal;
  redraw: () => void;
  /** Writes filters and choices into the address, without a new entry in the history; those that are empty or undefined are left out. */
  remember: (choices: Record<string, string | undefined>) => void;
}

/** A view's address: `addressOf(["stacks"], { failed: "true" })` is `#/stacks?failed=true`. */
export function addressOf(path: string[], choices: Record<string, string | undefined> = {}): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(choices)) if (value) query.set(name, value);
  return `#/${path.map(encodeURIComponent).join("/")}${query.size > 0 ? `?${query}` : ""}`;
}

/** Takes an address apart, whatever somebody has typed there. */
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
