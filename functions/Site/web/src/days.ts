import { h, labelled } from "./dom";

/** A range of days as the API expects it: UTC, both ends inclusive. */
export interface Days { from: string; to: string }

const year = 400;
const day = (date: Date): string => date.toISOString().slice(0, 10);

export function lastDays(count: number): Days {
  const today = new Date();
  return { from: day(new Date(today.getTime() - (count - 1) * 86_400_000)), to: day(today) };
}

export const daysIn = ({ from, to }: Days): number => Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000) + 1;

export const startOf = (iso: string): number => Date.parse(`${iso}T00:00:00Z`) / 1000;

/** Presets and two dates. Calls `choose` with each valid range of at most `longest` days. */
export function daysControl(chosen: Days, choose: (days: Days) => void, longest = year): HTMLElement {
  const error = h("span", { class: "field-error", role: "alert" });
  const date = (id: string, label: string, value: string) => {
    const input = h("input", { id, type: "date", value, max: lastDays(1).to, required: true });
    return { input, part: labelled(label, input) };
  };
  const from = date("days-from", "From", chosen.from), to = date("days-to", "to", chosen.to);
  const presets = [7, 30, 90, 365].filter((count) => count <= longest).map((count) => {
    const preset = h("button", { type: "button", class: "segment" }, count === 365 ? "Year" : `${count} days`);
    preset.addEventListener("click", () => set(lastDays(count)));
    return { count, preset };
  });
  const mark = (days: Days) => {
    for (const { count, preset } of presets) preset.setAttribute("aria-pressed", String(days.to === lastDays(1).to && daysIn(days) === count));
  };
  const set = (days: Days) => {
    from.input.value = days.from;
    to.input.value = days.to;
    mark(days);
    choose(days);
  };
  const typed = () => {
    const days = { from: from.input.value, to: to.input.value };
    error.textContent = !days.from || !days.to ? "Both days are needed."
      : days.from > days.to ? "The first day is after the last."
      : daysIn(days) > longest ? `At most ${longest} days at once.` : "";
    if (error.textContent === "") { mark(days); choose(days); }
  };
  from.input.addEventListener("change", typed);
  to.input.addEventListener("change", typed);
  mark(chosen);
  return h("div", { class: "controls days", role: "group", "aria-label": "Days" },
    h("span", { class: "segments" }, ...presets.map((p) => p.preset)), from.part, to.part, h("span", { class: "note" }, "UTC"), error);
}
