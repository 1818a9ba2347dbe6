import { send, type Preview, type PreviewedEvent, type PreviewedField } from "../api";
import { bodyOf, valueAt } from "../commandLine";
import { h, table, type Child } from "../dom";
import { number, plural } from "../format";
import { latest, load } from "../states";
import { actions, reasons, removals } from "./policyWords";

const examples: Record<string, string> = {
  "A failing call": JSON.stringify({
    name: "aws_request",
    metadata: { session_id: "880c3de5-a2e9-4077-a334-3426cdeefe24", client_time: "2026-11-22 07:32:46.104217" },
    payload: {
      service: "s3", operation: "GetObject", status_code: 404, err_type: "NoSuchKey",
      err_msg: "The specified key holiday-photos/jane.jpg does not exist.", is_internal: false, region: "us-east-1", account_id: "000000000000",
      user_agent: "aws-cli/2.15.30 Python/3.11.8 Linux/6.5.0 jane-build-bot/7", bucket: "janes-bucket",
    },
  }, undefined, 2),
  "A session": JSON.stringify({
    session_id: "880c3de5-a2e9-4077-a334-3426cdeefe24", machine_id: "dkr_0123456789ab", api_key: "ls-AbCdEfGh-0123",
    system: "Docker Desktop,5.15.90.1-microsoft-standard-WSL2,x86_64", version: "2026.3.1", is_ci: false, is_docker: true, hostname: "janes-laptop",
  }, undefined, 2),
  "A command line": "localstack start --detached --network=janes-network",
};

/** Applies the rules of ingestion to a pasted event, without storing it. */
export function previewPart(view: AbortSignal): HTMLElement {
  const input = h("textarea", {
    id: "preview-input", rows: "9", spellcheck: "false", autocapitalize: "off", autocomplete: "off", class: "mono", "aria-describedby": "preview-help preview-error",
  });
  const tier = h("select", { id: "preview-tier" }, h("option", { value: "pro" }, "a Pro session"), h("option", { value: "all" }, "a community session"));
  const error = h("p", { id: "preview-error", class: "field-error", role: "alert" });
  const results = h("div", { id: "preview-results" });
  const ask = latest(view, (body: string, signal) => {
    const pasted: unknown = JSON.parse(body);
    void load(results, "the preview", signal, () => send<Preview>("POST", "policy/preview", body, { parameters: { tier: tier.value }, signal }),
      (preview) => shown(preview, pasted));
  });
  const submit = (event?: Event) => {
    event?.preventDefault();
    try {
      const body = bodyOf(input.value);
      error.textContent = "";
      input.removeAttribute("aria-invalid");
      ask(body);
    } catch (mistake) {
      error.textContent = mistake instanceof Error ? mistake.message : "";
      input.setAttribute("aria-invalid", "true");
      input.focus();
    }
  };
  tier.addEventListener("change", () => { if (results.hasChildNodes()) submit(); });
  return h("section", { "aria-labelledby": "preview" },
    h("h2", { id: "preview" }, "Try it"),
    h("p", { id: "preview-help", class: "note" }, "Paste an event, a whole request, a session or a command line to see what would be kept. The preview uses the same code as ingestion. Nothing is stored or logged, and fingerprints are made with a temporary key."),
    h("form", { class: "preview", submit },
      h("label", { for: "preview-input" }, "Event, request or command line"), input, error,
      h("div", { class: "controls" },
        h("button", { class: "primary" }, "Show what is kept"),
        h("span", { class: "labelled" }, h("label", { for: "preview-tier" }, "for"), tier),
        h("span", { class: "labelled" }, "Examples:", ...Object.entries(examples).map(([name, text]) =>
          h("button", { type: "button", class: "quiet", click: () => { input.value = text; submit(); } }, name))))),
    results);
}

function shown(preview: Preview, pasted: unknown): Child[] {
  const list = typeof pasted === "object" && pasted !== null && "events" in pasted && Array.isArray(pasted.events) ? pasted.events : undefined;
  return [
    h("p", { class: "equation", role: "status" },
      h("span", {}, h("b", {}, number(preview.received)), preview.received === 1 ? " event" : " events"), h("span", { class: "sign" }, "="),
      h("span", {}, h("b", {}, number(preview.stored)), " stored"), h("span", { class: "sign" }, "+"),
      h("span", {}, h("b", {}, number(preview.dropped)), " dropped"),
      !preview.complete && h("span", { class: "verdict" }, "Only the first part is shown.")),
    ...preview.events.map((event) => eventPart(event, list ? list[event.index] : wrapped(event, pasted))),
  ];
}

/** A session may be pasted as its payload alone, but the rules' paths start at the envelope. */
const wrapped = (event: PreviewedEvent, pasted: unknown): unknown =>
  event.name === "session" && typeof pasted === "object" && pasted !== null && !("payload" in pasted) ? { payload: pasted } : pasted;

function eventPart(event: PreviewedEvent, sent: unknown): HTMLElement {
  const head = h("h3", { class: "event-head" }, h("span", { class: "mono name" }, event.name ?? `Event ${event.index + 1}`),
    h("span", { class: event.outcome === "stored" ? "tag" : "tag dropped" }, event.outcome === "stored" ? "stored" : "dropped"));
  if (event.outcome === "dropped") {
    return h("div", { class: "event" }, head,
      h("p", { class: "why" }, `${reasons[event.reason ?? ""] ?? event.reason}${event.missing ? `: ${event.missing}` : ""}.`),
      event.sentence && h("p", { class: "why" }, event.sentence));
  }
  const fields = event.fields ?? [];
  const count = (outcome: PreviewedField["outcome"]) => fields.filter((field) => field.outcome === outcome).length;
  return h("div", { class: "event" }, head,
    h("p", { class: "note" }, `${number(count("kept"))} kept, ${number(count("changed"))} changed, ${number(count("removed"))} removed`,
      event.tier === "all" && ", as for a community session", "."),
    table({ caption: `Preview of ${event.name ?? "the event"}`, className: "fields" }, [
      { label: "Field", head: true, cell: (f) => [h("span", { class: "mono" }, f.entry === undefined ? f.field : f.field.replace("[]", `[${f.entry}]`)),
        f.times !== undefined && f.times > 1 && h("span", { class: "muted" }, ` ${number(f.times)} times`)] },
      { label: "Outcome", cell: (f) => h("span", { class: `outcome ${f.outcome}` }, f.outcome) },
      { label: "Sent and kept values", line: true, cell: (f) => values(f, sent) },
      { label: "Rule", line: true, cell: (f) => [
        h("span", { class: "action" }, f.outcome === "removed" ? removals[f.why ?? "value"] : f.do ? actions[f.do] ?? f.do : ""),
        f.sentence && h("span", { class: "why sub" }, f.sentence), f.because && h("span", { class: "sub" }, f.because)] },
    ], fields),
    h("details", {}, h("summary", {}, "As it would be stored"),
      h("pre", { tabindex: "0", "aria-label": "As it would be stored" }, (event.stored_as ?? []).map((item) => JSON.stringify(item, undefined, 2)).join("\n"))));
}

function values(field: PreviewedField, sent: unknown): Child[] {
  const before = valueAt(sent, field.field, field.entry);
  const text = (value: unknown) => { const all = typeof value === "string" ? value : JSON.stringify(value); return all.length > 400 ? `${all.slice(0, 400)}…` : all; };
  if (field.entries !== undefined) return [plural(field.entries, "entry", "entries")];
  if (field.outcome === "removed") return [before !== undefined && h("del", {}, h("code", {}, text(before)))];
  if (field.value === undefined) return [before !== undefined && h("del", {}, h("code", {}, text(before))), " the hour of arrival"];
  return field.outcome === "kept" ? [h("code", {}, text(field.value))]
    : [before !== undefined && h("del", {}, h("code", {}, text(before))), before !== undefined && " ", h("ins", {}, h("code", {}, text(field.value)))];
}
