import { ApiError } from "./api";
import { h, replace, type Child } from "./dom";

/** Loading, nothing there, and errors: each says what is the matter and what to do next. */

export const empty = (title: string, ...next: Child[]): HTMLElement =>
  h("div", { class: "state" }, h("p", { class: "state-title" }, title), ...next);

/** What a person can do about an error. */
function advice(error: unknown): [string, string] {
  const { status, detail } = error instanceof ApiError ? error : { status: -1, detail: "" };
  switch (status) {
    case 0: return ["The collector can’t be reached.", "Check your connection, and whether the collector runs; then try again."];
    case 400: return ["The collector did not understand the question.", detail];
    case 401: case 403: return ["This is not for the credential you gave.", detail || "Forget it and type another."];
    case 404: return ["There is nothing here.", detail || "It may have expired, or this collector does not have this part yet."];
    case 429: return ["Too many requests just now.", "Wait a few seconds, then try again."];
    case 503: return ["The collector’s store is away for a moment.", "Nothing is lost. Wait a few seconds, then try again."];
    case 504: return ["The answer took too long.", "Ask for fewer days, or try again."];
    case -1: return ["The page made a mistake.", "Reload it; if that does not help, tell those who run this collector."];
    default: return [`The collector failed (${status}).`, detail || "Try again; if it goes on, its operator finds the reason in the log."];
  }
}

export function failure(error: unknown, again: () => void): HTMLElement {
  const [title, next] = advice(error);
  return h("div", { class: "state error", role: "alert" },
    h("p", { class: "state-title" }, title), h("p", {}, next),
    h("button", { type: "button", click: again }, "Try again"));
}

/** Each draw ends what the one before still waits for, and the view's end the last one. */
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
 * Fills a part of the page: says that it loads, then shows it, or the error with a way to try again. Nothing is drawn once the
 * signal says that the reader has gone on. What `handled` answers with true is not shown here.
 */
export async function load<T>(
  target: HTMLElement, what: string, signal: AbortSignal, ask: () => Promise<T>, show: (value: T) => Child | Child[],
  handled: (error: unknown) => boolean = () => false,
): Promise<void> {
  target.setAttribute("aria-busy", "true");
  // What is there stays, dimmed, until the new is: nothing jumps.
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
