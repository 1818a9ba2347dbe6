import type { Stack } from "../api";
import { chart } from "../chart";
import { h, labelled, replace, table } from "../dom";
import { foldMinutes } from "../minutes";
import { number, plural, time, timeToSecond, zone } from "../format";

/** Seconds since 1970. The start is inclusive, the end exclusive. */
export type Range = [number, number];

/** Calls over time, with a range that can be dragged or typed. */
export function timelinePart(stack: Stack, signal: AbortSignal, choose: (range: Range | undefined) => void): { element: HTMLElement; clear: () => void } {
  const folded = foldMinutes(stack.timeline, stack.timeline_step_s);
  const unit = folded.step === 60 ? "minute" : folded.step < 3600 ? plural(folded.step / 60, "minute") : folded.step === 3600 ? "hour" : plural(folded.step / 3600, "hour");
  const peak = folded.bars.reduce((a, b) => (b.whole > a.whole ? b : a));
  const summary = h("p", { class: "range", role: "status" });
  const input = (id: string) => h("input", { id, type: "datetime-local", step: "60", change: () => { const typed = typedRange(); if (typed) set(typed); } });
  const fromInput = input("range-from"), toInput = input("range-to");
  const controls = h("div", { class: "controls", role: "group", "aria-label": "Range" }, labelled("From", fromInput), labelled("to", toInput),
    h("button", { type: "button", class: "quiet", click: () => set(undefined) }, "Whole stack"));

  const whole: Range = [folded.bars[0]!.from, folded.bars.at(-1)!.from + folded.step];
  const typedRange = (): Range | undefined => {
    const from = Date.parse(fromInput.value) / 1000, to = Date.parse(toInput.value) / 1000;
    return from < to ? [from, to] : undefined;
  };
  const drawn = chart({
    label: `Calls per ${unit} from ${time(stack.timeline[0]!.minute)}. Most: ${number(peak.whole)} at ${time(new Date(peak.from * 1000).toISOString())}. The table below has all numbers.`,
    whole: "calls", part: "failed", step: folded.step, utc: false,
    name: (from) => timeToSecond(new Date(from * 1000).toISOString()),
    onRange: (range) => set(range),
  }, folded.bars, signal);

  const show = (range: Range | undefined) => {
    const [from, to] = range ?? whole;
    fromInput.value = local(from);
    toInput.value = local(to);
    const inside = stack.timeline.filter((m) => Date.parse(m.minute) / 1000 >= from && Date.parse(m.minute) / 1000 < to);
    const calls = inside.reduce((sum, m) => sum + m.calls, 0), failed = inside.reduce((sum, m) => sum + m.failed, 0);
    replace(summary, range ? "In this range: " : "Whole stack: ", h("b", {}, plural(calls, "call")), ", ", h("b", { class: failed > 0 ? "trouble" : undefined }, number(failed)), " failed.",
      range ? " The list of calls at the end of the page shows this range." : " Drag over the chart or type a range to see a part of it.");
  };
  const set = (range: Range | undefined) => { drawn.select(range); show(range); choose(range); };
  show(undefined);

  const element = h("section", { "aria-labelledby": "timeline" },
    h("h2", { id: "timeline" }, `Calls per ${unit}`), drawn.element, controls, summary,
    h("details", {}, h("summary", {}, "The same as a table"),
      table({ caption: `Calls per ${unit}, times in ${zone}` }, [
        { label: "From", head: true, total: "All", cell: (b) => timeToSecond(new Date(b.from * 1000).toISOString()) },
        { label: "Calls", number: true, total: number(stack.calls), cell: (b) => number(b.whole) },
        { label: "Failed", number: true, total: number(stack.failed), cell: (b) => number(b.part) },
      ], folded.bars.filter((b) => b.whole > 0))));
  return { element, clear: () => { drawn.select(undefined); show(undefined); } };
}

/** Formats a time for a datetime-local input. */
function local(seconds: number): string {
  const date = new Date(seconds * 1000);
  return new Date(seconds * 1000 - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
