import "uplot/dist/uPlot.min.css";
import { h } from "./dom";
import type { Plot } from "./plot";

/** A bar of the chart: how many in all, and how many of them are trouble. */
export interface Bar { from: number; whole: number; part: number }

export interface ChartOptions {
  /** What the chart shows, for those who don't see it; the table beside it has the numbers. */
  label: string;
  whole: string;
  part: string;
  /** The colour of the part: trouble by default; `calm` where it is none. */
  calm?: boolean;
  /** The width of a bar, in seconds. */
  step: number;
  /** Days of UTC, or times of the reader's zone. */
  utc: boolean;
  /** How a bar's time is written in the line above the chart. */
  name: (from: number) => string;
  /** Called with a range that was dragged, in seconds since 1970, on the bars' edges; none when the drag was a click. */
  onRange?: (range: [number, number] | undefined) => void;
}

export interface Chart { element: HTMLElement; select: (range: [number, number] | undefined) => void }

/** A chart. Its place is there at once; the library that draws it is loaded now, so that a page without a chart doesn't pay for it. */
export function chart(options: ChartOptions, bars: Bar[], signal: AbortSignal): Chart {
  const readout = h("p", { class: "readout", "aria-hidden": "true" });
  const plot = h("div", { class: "plot", role: "img", "aria-label": options.label, "aria-busy": "true" });
  let drawn: Plot | undefined;
  let selected: [number, number] | undefined;
  void import("./plot").then(({ draw }) => {
    if (signal.aborted) return;
    drawn = draw(options, bars, plot, readout, signal);
    if (selected) drawn.select(selected);
  }).catch((error: unknown) => {
    console.error(error);
    readout.textContent = "The chart could not be drawn; the table below has its numbers.";
    readout.removeAttribute("aria-hidden");
  }).finally(() => plot.removeAttribute("aria-busy"));
  const select = (range: [number, number] | undefined) => { selected = range; drawn?.select(range); };
  return { element: h("div", { class: "chart" }, legend(options, readout), plot), select };
}

function legend(options: ChartOptions, readout: HTMLElement): HTMLElement {
  return h("div", { class: "legend" },
    h("span", {}, h("span", { class: "swatch whole" }), options.whole),
    h("span", {}, h("span", { class: `swatch ${options.calm ? "calm" : "trouble"}` }), options.part),
    readout);
}
