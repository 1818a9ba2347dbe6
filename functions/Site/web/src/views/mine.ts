import { ApiError, get, send } from "../api";
import { credential, signIn } from "../credentials";
import { h, replace, type Child } from "../dom";
import { plural, time } from "../format";
import { gather, type ExportPage } from "../exported";
import { save } from "../copies";
import { failure, load } from "../states";

interface Tracking { track_events: boolean }
interface Erasure { id: string; status: "running" | "done"; requested_at: string; finished_at?: string; kept: Record<string, string> }

const askAgainEvery = 5_000;

/** The tracking, download and deletion of one token's data. Changes act at once, so deletion asks for confirmation. */
export function minePart(signal: AbortSignal): HTMLElement {
  const body = h("div");
  const draw = (wrong?: string) => {
    const token = credential.get("auth-token");
    if (token === undefined) {
      replace(body, h("details", { open: wrong !== undefined }, h("summary", {}, "Sign in to change tracking, or to download or delete your data"), signIn("auth-token", wrong, draw)));
      return;
    }
    const refused = (error: unknown): boolean => {
      if (!(error instanceof ApiError) || (error.status !== 401 && error.status !== 403)) return false;
      credential.forget("auth-token");
      draw("The collector does not accept this auth token. Type it again, and check that it is complete.");
      return true;
    };
    replace(body, trackingPart(token, signal, refused), downloadPart(token, signal, refused), deletionPart(token, signal, refused),
      h("p", {}, h("button", { type: "button", class: "quiet", click: () => { credential.forget("auth-token"); draw(); } }, "Forget the auth token")));
  };
  draw();
  return h("section", { "aria-labelledby": "mine" },
    h("h2", { id: "mine" }, "Data stored under your token"),
    h("p", { class: "note" }, h("a", { href: "#/stacks" }, "My stacks"), " shows your sessions and their calls. Here you can switch tracking off, and download or delete the data."),
    body);
}

function trackingPart(token: string, signal: AbortSignal, refused: (error: unknown) => boolean): HTMLElement {
  const body = h("div");
  const show = ({ track_events: tracked }: Tracking): Child[] => {
    const change = h("button", { type: "button" }, tracked ? "Do not track me" : "Track me again");
    change.addEventListener("click", () => {
      change.disabled = true;
      void load(body, "your choice", signal, () => send<Tracking>("PUT", "tracking", JSON.stringify({ track_events: !tracked }), { token, signal }), show, refused);
    });
    return [
      h("p", { role: "status" }, "Sessions with this token are ", h("b", {}, tracked ? "tracked" : "not tracked"), ". ",
        tracked ? "When you switch tracking off, each client that uses the token is told to stop at its next start, and its later events are dropped." : "Clients that use the token are told to stop, and their later events are dropped."),
      h("p", {}, change)];
  };
  void load(body, "your choice", signal, () => get<Tracking>("tracking", {}, token, signal), show, refused);
  return body;
}

/** Downloads all stored data as one file. The API returns the data page by page. */
function downloadPart(token: string, signal: AbortSignal, refused: (error: unknown) => boolean): HTMLElement {
  const said = h("span", { class: "note", role: "status" });
  const start = h("button", { type: "button" }, "Download stored data");
  start.addEventListener("click", () => {
    start.disabled = true;
    gather(async (cursor) => get<ExportPage>("stacks/export", { cursor }, token, signal), (sessions) => { said.textContent = `${plural(sessions, "session")} so far …`; }).then((all) => {
      save("localstack-usage.json", JSON.stringify(all, undefined, 2), "application/json");
      said.textContent = `${plural(all.sessions.length, "session")} downloaded.`;
    }, (error: unknown) => {
      if (signal.aborted || refused(error)) return;
      said.textContent = error instanceof ApiError ? `The download failed: ${error.detail}` : "The download failed.";
    }).finally(() => { start.disabled = false; });
  });
  return h("p", { class: "controls" }, start, said);
}

function deletionPart(token: string, signal: AbortSignal, refused: (error: unknown) => boolean): HTMLElement {
  const body = h("div");
  const begin = () => {
    const really = h("button", { type: "button", class: "danger" }, "Yes, delete everything");
    const back = h("button", { type: "button", class: "quiet", click: () => { replace(body, start); start.focus(); } }, "Cancel");
    really.addEventListener("click", () => { really.disabled = back.disabled = true; void run(); });
    replace(body, h("div", { class: "state error", role: "group", "aria-label": "Delete everything" },
      h("p", { class: "state-title" }, "Delete all sessions that this token has started so far, with their calls and counts?"),
      h("p", {}, "This cannot be undone. Licence activations are kept for billing. Counts over all users are also kept; they contain nothing about you."),
      h("p", { class: "controls" }, really, back)));
    back.focus();
  };
  const run = async () => {
    try {
      show(await send<Erasure>("DELETE", "stacks", undefined, { token, signal }));
    } catch (error) {
      if (!signal.aborted && !refused(error)) replace(body, failure(error, () => void run()));
    }
  };
  const show = (erasure: Erasure) => {
    if (signal.aborted) return;
    if (erasure.status === "done") {
      replace(body, h("div", { class: "state", role: "status" },
        h("p", { class: "state-title" }, `Deleted${erasure.finished_at ? `, ${time(erasure.finished_at)}` : ""}.`),
        h("p", {}, "No table contains sessions that started before your request. Only this is kept:"),
        h("ul", {}, ...Object.values(erasure.kept).map((kept) => h("li", {}, kept)))));
      return;
    }
    replace(body, h("div", { class: "state", role: "status" },
      h("p", { class: "state-title" }, "Deletion in progress."),
      h("p", {}, "This takes about two minutes. After a first pass, the collector checks again for data that was being written. Deletion continues if you close this page.")));
    const again = setTimeout(() => {
      get<Erasure>(`stacks/erasures/${encodeURIComponent(erasure.id)}`, {}, token, signal).then(show, (error: unknown) => {
        if (!signal.aborted && !refused(error)) replace(body, failure(error, () => show(erasure)));
      });
    }, askAgainEvery);
    signal.addEventListener("abort", () => clearTimeout(again));
  };
  const start = h("button", { type: "button", click: begin }, "Delete stored data …");
  replace(body, start);
  return body;
}
