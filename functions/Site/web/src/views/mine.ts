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

/** What belongs to one token: whether it is tracked, and its deletion. Both act at once, so the second asks first. */
export function minePart(signal: AbortSignal): HTMLElement {
  const body = h("div");
  const draw = (wrong?: string) => {
    const token = credential.get("auth-token");
    if (token === undefined) {
      replace(body, h("details", { open: wrong !== undefined }, h("summary", {}, "Sign in to change whether you are tracked, or to delete it"), signIn("auth-token", wrong, draw)));
      return;
    }
    const refused = (error: unknown): boolean => {
      if (!(error instanceof ApiError) || (error.status !== 401 && error.status !== 403)) return false;
      credential.forget("auth-token");
      draw("The collector does not take this auth token. Type it again; mind that it is copied whole.");
      return true;
    };
    replace(body, trackingPart(token, signal, refused), downloadPart(token, signal, refused), deletionPart(token, signal, refused),
      h("p", {}, h("button", { type: "button", class: "quiet", click: () => { credential.forget("auth-token"); draw(); } }, "Forget the auth token")));
  };
  draw();
  return h("section", { "aria-labelledby": "mine" },
    h("h2", { id: "mine" }, "What is stored under your token"),
    h("p", { class: "note" }, "Your sessions and their calls are under ", h("a", { href: "#/stacks" }, "My stacks"), ". Here you decide about them."),
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
        tracked ? "When you switch that off, every client that uses it is told to stop at its next start, and what still comes is dropped." : "Clients that use it are told to stop, and what still comes is dropped."),
      h("p", {}, change)];
  };
  void load(body, "your choice", signal, () => get<Tracking>("tracking", {}, token, signal), show, refused);
  return body;
}

/** Everything that is stored, as one file: the API gives it page by page. */
function downloadPart(token: string, signal: AbortSignal, refused: (error: unknown) => boolean): HTMLElement {
  const said = h("span", { class: "note", role: "status" });
  const start = h("button", { type: "button" }, "Download what is stored");
  start.addEventListener("click", () => {
    start.disabled = true;
    gather(async (cursor) => get<ExportPage>("stacks/export", { cursor }, token, signal), (sessions) => { said.textContent = `${plural(sessions, "session")} so far …`; }).then((all) => {
      save("localstack-usage.json", JSON.stringify(all, undefined, 2), "application/json");
      said.textContent = `${plural(all.sessions.length, "session")} downloaded.`;
    }, (error: unknown) => {
      if (signal.aborted || refused(error)) return;
      said.textContent = error instanceof ApiError ? `It could not be downloaded: ${error.detail}` : "It could not be downloaded.";
    }).finally(() => { start.disabled = false; });
  });
  return h("p", { class: "controls" }, start, said);
}

function deletionPart(token: string, signal: AbortSignal, refused: (error: unknown) => boolean): HTMLElement {
  const body = h("div");
  const begin = () => {
    const really = h("button", { type: "button", class: "danger" }, "Yes, delete all of it");
    const back = h("button", { type: "button", class: "quiet", click: () => { replace(body, start); start.focus(); } }, "Keep it");
    really.addEventListener("click", () => { really.disabled = back.disabled = true; void run(); });
    replace(body, h("div", { class: "state error", role: "group", "aria-label": "Delete everything" },
      h("p", { class: "state-title" }, "Delete all sessions of this token that have started, with their calls and counts?"),
      h("p", {}, "This cannot be undone. Licence activations stay, for billing; so do counts over all users, which tell nothing of you."),
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
        h("p", {}, "Nothing that started before you asked is in any table, apart from this:"),
        h("ul", {}, ...Object.values(erasure.kept).map((kept) => h("li", {}, kept)))));
      return;
    }
    replace(body, h("div", { class: "state", role: "status" },
      h("p", { class: "state-title" }, "It is being deleted."),
      h("p", {}, "This takes a minute or two: behind the first pass the collector looks once more for what was under way when you asked. It goes on when you close this page.")));
    const again = setTimeout(() => {
      get<Erasure>(`stacks/erasures/${encodeURIComponent(erasure.id)}`, {}, token, signal).then(show, (error: unknown) => {
        if (!signal.aborted && !refused(error)) replace(body, failure(error, () => show(erasure)));
      });
    }, askAgainEvery);
    signal.addEventListener("abort", () => clearTimeout(again));
  };
  const start = h("button", { type: "button", click: begin }, "Delete what is stored …");
  replace(body, start);
  return body;
}
