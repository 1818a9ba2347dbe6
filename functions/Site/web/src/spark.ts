import { number } from "./format";
import { direction } from "./usage";

const width = 72, height = 18, inset = 1.5;

/** A small line that shows how a row's number changed over the period, with 0 at the bottom. A label describes it in words. */
export function spark(trend: number[] | undefined): SVGElement | undefined {
  if (!trend || trend.length < 2) return undefined;
  const most = Math.max(...trend, 1);
  const points = trend.map((value, i) => {
    const x = inset + (i / (trend.length - 1)) * (width - 2 * inset);
    const y = height - inset - (value / most) * (height - 2 * inset);
    return `${x.toFixed(1)},${y.toFixed(1)}`;
  });
  const line = element("polyline", { points: points.join(" ") });
  const label = `${direction(trend)}, at most ${number(most)} in one part of the period`;
  const title = element("title", {});
  title.textContent = label;
  const drawn = element("svg", { class: "spark", role: "img", "aria-label": label, viewBox: `0 0 ${width} ${height}`, width: String(width), height: String(height) });
  drawn.append(title, line);
  return drawn;
}

function element<K extends keyof SVGElementTagNameMap>(name: K, attributes: Record<string, string>): SVGElementTagNameMap[K] {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}
