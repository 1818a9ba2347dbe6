import uPlot from "uplot";
import type { Bar, ChartOptions } from "./chart";
import { clock, number, shortDay } from "./format";

/** Draws charts with uPlot. This module is loaded when the first chart is shown. */

export interface Plot { select: (range: [number, number] | undefined) => void }

const colour = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const height = 180;
const dark = matchMedia("(prefers-color-scheme: dark)");

/** Draws bars over time, with the highlighted part over the whole. Colours follow the page's colour scheme. */
export function draw(options: ChartOptions, bars: Bar[], plot: HTMLElement, readout: HTMLElement, signal: AbortSignal): Plot {
  const times = bars.map((b) => b.from);
  const paths = uPlot.paths.bars!({ size: [0.86, Infinity], align: 1, radius: 0 });
  const axis = (): Partial<uPlot.Axis> => ({
    stroke: () => colour("--muted"),
    font: "12px 'Source Sans 3 Variable', system-ui, sans-serif",
    ticks: { show: false },
    grid: { stroke: () => colour("--line"), width: 1 },
  });
  const part = options.calm ? "--calm" : "--trouble";
  const first = times[0] ?? 0;
  const last = (times.at(-1) ?? 0) + options.step;
  const narrow = (value: number) => Math.min(last, Math.max(first, value));

  const plotted = new uPlot({
    width: 640,
    height,
    padding: [8, 8, 0, 0],
    legend: { show: false },
    tzDate: (timestamp) => (options.utc ? uPlot.tzDate(new Date(timestamp * 1e3), "Etc/UTC") : new Date(timestamp * 1e3)),
    cursor: { y: false, points: { show: false }, drag: { x: options.onRange !== undefined, y: false, setScale: false } },
    scales: { x: { time: true, range: () => [first, last] }, y: { range: (_, __, max) => [0, Math.max(1, max * 1.05)] } },
    series: [
      {},
      { label: options.whole, fill: () => colour("--bar"), stroke: () => colour("--bar"), width: 0, paths, points: { show: false } },
      { label: options.part, fill: () => colour(part), stroke: () => colour(part), width: 0, paths, points: { show: false } },
    ],
    axes: [
      { ...axis(), grid: { show: false }, size: options.step >= 86400 ? 28 : 44, ...axisTimes(options.step, last) },
      { ...axis(), size: 56, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 2e4, 5e4, 1e5, 2e5, 5e5, 1e6, 1e7, 1e8], values: (_, ticks) => ticks.map((t) => number(t)) },
    ],
    hooks: {
      setCursor: [(u) => {
        const at = u.cursor.left === undefined || u.cursor.left < 0 ? undefined : Math.floor((u.posToVal(u.cursor.left, "x") - first) / options.step);
        const hit = at === undefined ? undefined : bars[at];
        readout.textContent = hit ? `${options.name(hit.from)}: ${number(hit.whole)} ${options.whole}, ${number(hit.part)} ${options.part}` : "";
      }],
      setSelect: [(u) => {
        if (!options.onRange || setting) return;
        if (u.select.width < 3) { options.onRange(undefined); return; }
        // The range extends to the edges of the bars, because it can contain only whole bars.
        const edge = (pixel: number, round: (x: number) => number) => narrow(first + round((u.posToVal(pixel, "x") - first) / options.step) * options.step);
        options.onRange([edge(u.select.left, Math.floor), edge(u.select.left + u.select.width, Math.ceil)]);
      }],
    },
  }, [times, bars.map((b) => b.whole), bars.map((b) => b.part)], plot);

  let setting = false;
  const select = (range: [number, number] | undefined) => {
    setting = true;
    const [left, right] = range ? [plotted.valToPos(narrow(range[0]), "x"), plotted.valToPos(narrow(range[1]), "x")] : [0, 0];
    plotted.setSelect({ left, top: 0, width: right - left, height: range ? plotted.over.clientHeight : 0 }, false);
    setting = false;
    selected = range;
  };
  let selected: [number, number] | undefined;

  const sized = new ResizeObserver(() => {
    if (plot.clientWidth === 0 || plot.clientWidth === plotted.width) return;
    plotted.setSize({ width: plot.clientWidth, height });
    select(selected);
  });
  sized.observe(plot);
  const repaint = () => plotted.redraw(false);
  dark.addEventListener("change", repaint);
  // The axes are painted on a canvas, so they are painted again when the font has loaded.
  void document.fonts.ready.then(() => { if (!signal.aborted) repaint(); });
  signal.addEventListener("abort", () => {
    sized.disconnect();
    dark.removeEventListener("change", repaint);
    plotted.destroy();
  });
  return { select };
}

/** Seconds between two labels with the time of day. They are whole minutes, because a label shows no seconds. */
const labelSteps = [...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * 60), ...[1, 2, 3, 4, 6, 8, 12, 24, 48, 168, 336, 672].map((hours) => hours * 3600)];

/** Labels of the time axis: the day for bars of a day or more; otherwise the time, with the day below the first label of each day. No label after the last bar. */
function axisTimes(step: number, last: number): Partial<uPlot.Axis> {
  const label = (write: (at: number, before: number | undefined) => string) => (_: uPlot, splits: number[]) =>
    splits.map((at, i) => (at < last ? write(at, splits[i - 1]) : ""));
  if (step >= 86400) return { incrs: [1, 2, 7, 14, 28, 56, 112].map((days) => days * 86400), values: label((at) => shortDay(at, true)) };
  return {
    incrs: labelSteps,
    values: label((at, before) => {
      const today = shortDay(at, false);
      return before === undefined || today !== shortDay(before, false) ? `${clock(at)}
${today}` : clock(at);
    }),
  };
}
