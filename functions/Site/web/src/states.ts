import { ApiError } from "./api";
import { h, replace, type Child } from "./dom";

/** Messages for loading, empty results and errors. Each explains the situation and what to do next. */

export const empty = (title: string, ...next: Child[]): HTMLElement =>
  h("div", { class: "state" }, h("p", { class: "state-title" }, title), ...next);

/** The title of an error and what the reader can do about it. */
function advice(error: unknown): [string, string] {
  const { status, detail } = error instanceof ApiError ? error : { status: -1, detail: "" };
  switch (status) {
    case 0: return ["The collector can’t be reached.", "Check your connection and whether the collector is running, then try again."];
    case 400: return ["The collector did not understand the request.", detail];
    case 401: case 403: return ["Your credential does not give access to this.", detail || "Forget it and type another."];
    case 404: return ["Nothing was found here.", detail || "It may have expired, or this collector does not support it yet."];
    case 429: return ["Too many requests.", "Wait a few seconds, then try again."];
    case 503: return ["The collector’s database is temporarily unavailable.", "Nothing is lost. Wait a few seconds, then try again."];
    case 504: return ["The answer took too long.", "Ask for fewer days, or try again."];
    case -1: return ["This page has a fault.", "Reload it. If that does not help, tell the operator of this collector."];
    default: return [`The collector failed (${status}).`, detail || "Try again. If it fails again, the collector’s operator can find the reason in the log."];
  }
}

export function failure(error: unknown, again: () => void): HTMLElement {
  const [title, next] = advice(error);
  return h("div", { class: "state error", role: "alert" },
    h("p", { class: "state-title" }, title), h("p", {}, next),
    h("button", { type: "button", click: again }, "Try again"));
}

/** Returns a function that draws. Each call aborts the previous one, and leaving the view aborts the last. */
export function latest<T>(view: AbortSignal, draw: (what: T, signal: AbortSignal) => void): (what: T) => void {
  let asked = new AbortController();
  view.addEventListener("abort", () => asked.abort());
  return (what) => {
    asked.abort();
    asked = new AbortController();
    draw(what, asked.signal);
  };
}

/**
 * Fills a part of the page: shows that it is loading, then the content, or the error with a button to try again. Draws nothing after
 * the signal is aborted, and does not show errors for which `handled` returns true.
 */
export async function load<T>(
  target: HTMLElement, what: string, signal: AbortSignal, ask: () => Promise<T>, show: (value: T) => Child | Child[],
  handled: (error: unknown) => boolean = () => false,
): Promise<void> {
  target.setAttribute("aria-busy", "true");
  // Existing content stays, dimmed, until the new content replaces it, so that nothing jumps.
  if (!target.hasChildNodes()) replace(target, h("p", { class: "loading", role: "status" }, `Loading ${what} …`));
  try {
    const value = await ask();
    if (signal.aborted) return;
    const content = show(value);
    replace(target, ...(Array.isArray(content) ? content : [content]));
  } catch (error) {
    if (signal.aborted || handled(error)) return;
    if (!(error instanceof ApiError)) console.error(error);
    replace(target, failure(error, () => { replace(target); void load(target, what, signal, ask, show, handled); }));
  } finally {
    if (!signal.aborted) target.removeAttribute("aria-busy");
  }
}
