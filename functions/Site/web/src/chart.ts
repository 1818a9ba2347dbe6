import "uplot/dist/uPlot.min.css";
import { h } from "./dom";
import type { Plot } from "./plot";

/** A bar of the chart: a number, and the part of it that is highlighted, such as failed calls. */
export interface Bar { from: number; whole: number; part: number }

export interface ChartOptions {
  /** Describes the chart for screen readers. The table beside the chart has the numbers. */
  label: string;
  whole: string;
  part: string;
  /** Draws the part in a calm colour, for parts that are not errors. */
  calm?: boolean;
  /** The width of a bar, in seconds. */
  step: number;
  /** Whether times are shown in UTC; otherwise in the reader's time zone. */
  utc: boolean;
  /** Formats a bar's time for the line above the chart. */
  name: (from: number) => string;
  /** Called with the dragged range, in seconds since 1970 and aligned to the bars' edges; undefined after a click without a drag. */
  onRange?: (range: [number, number] | undefined) => void;
}

export interface Chart { element: HTMLElement; select: (range: [number, number] | undefined) => void }

/** Reserves the chart's space at once and loads the drawing library on first use, so that views without a chart do not load it. */
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
    readout.textContent = "The chart could not be drawn. The table below has its numbers.";
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
