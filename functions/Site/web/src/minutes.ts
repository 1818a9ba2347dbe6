import type { Minute } from "./api";
import type { Bar } from "./chart";

const steps = [60, 300, 900, 1800, 3600, 10800, 21600, 43200, 86400];
const mostBars = 240;

/** Converts minutes to bars without gaps. Too many bars are merged into wider ones, with the same sums. */
export function foldMinutes(timeline: Minute[], step: number): { bars: Bar[]; step: number } {
  const starts = timeline.map((m) => Date.parse(m.minute) / 1000);
  const first = starts[0]!, last = starts.at(-1)!;
  const width = steps.find((s) => s >= step && (last - first) / s < mostBars) ?? steps.at(-1)!;
  const from = Math.floor(first / width) * width;
  const result: Bar[] = [];
  for (let at = from; at <= last; at += width) result.push({ from: at, whole: 0, part: 0 });
  // Even a stack of one minute gets a chart of ten bars.
  while (result.length < 10) result.push({ from: result.at(-1)!.from + width, whole: 0, part: 0 });
  timeline.forEach((minute, i) => {
    const slot = result[Math.floor((starts[i]! - from) / width)]!;
    slot.whole += minute.calls;
    slot.part += minute.failed;
  });
  return { bars: result, step: width };
}
