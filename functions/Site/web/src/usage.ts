import type { LedgerRow, RequestRow, SessionRow } from "./api";
import { number, percent } from "./format";

/** Calculations of the usage view from the API's rows. The view draws the results. */

export interface ChangeText { arrow: string; words: string }

/** The change from the number of the period before, as an arrow and in words; undefined when that number is not known. */
export function changeText(now: number, before: number | undefined): ChangeText | undefined {
  if (before === undefined) return undefined;
  if (now === before) return { arrow: "", words: "unchanged" };
  if (before === 0) return { arrow: "▲", words: "new" };
  if (now === 0) return { arrow: "▼", words: "gone" };
  const share = now / before - 1;
  return share > 0 ? { arrow: "▲", words: `up ${percent(share)}` } : { arrow: "▼", words: `down ${percent(-share)}` };
}

/** Rows sorted by how many calls they gained, most first. Rows that lost calls come last. */
export const byGrowth = (rows: RequestRow[]): RequestRow[] => [...rows].sort((a, b) => gained(b) - gained(a));

const gained = (row: RequestRow): number => row.calls - (row.previous?.calls ?? 0);

export const classes: [string, string, (status: number) => boolean][] = [
  ["501", "501, not implemented", (status) => status === 501],
  ["5xx", "5xx", (status) => status >= 500],
  ["4xx", "4xx", (status) => status >= 400 && status < 500],
  ["3xx", "3xx", (status) => status >= 300 && status < 400],
  ["2xx", "2xx", (status) => status < 300],
];

/** The rows (by service, operation and status) whose status is in a class. */
export function ofClass(rows: RequestRow[], name: string): RequestRow[] {
  const fits = classes.find(([one]) => one === name)?.[2] ?? (() => true);
  return rows.filter((row) => row.status_code !== undefined && fits(row.status_code) && row.calls > 0);
}

/** `200: 5, 404: 3`, the most frequent first. */
export const statusesText = (statuses: Record<string, number> = {}): string =>
  Object.entries(statuses).sort(([, a], [, b]) => b - a).map(([status, calls]) => `${status}: ${number(calls)}`).join(", ");

export interface Adoption {
  /** The first day of each part of the period. */
  from: string[];
  /** Versions, most sessions first, with their share of each part's sessions; the rest is combined as "others". */
  versions: { version: string; shares: (number | undefined)[] }[];
}

/** How versions replaced each other: divides the period into parts of the same length and gives each version's share of a part's sessions. */
export function adoption(rows: SessionRow[], parts = 6, most = 6): Adoption {
  const days = [...rows].sort((a, b) => (a.day! < b.day! ? -1 : 1));
  const length = Math.max(1, Math.ceil(days.length / parts));
  const chunks: SessionRow[][] = [];
  for (let at = 0; at < days.length; at += length) chunks.push(days.slice(at, at + length));
  const totals = new Map<string, number>();
  for (const row of days) for (const [version, count] of Object.entries(row.versions ?? {})) totals.set(version, (totals.get(version) ?? 0) + count);
  const named = [...totals].sort(([, a], [, b]) => b - a).slice(0, most).map(([version]) => version);
  const sessions = chunks.map((chunk) => chunk.reduce((sum, row) => sum + row.sessions, 0));
  const of = (chunk: SessionRow[], version: string) => chunk.reduce((sum, row) => sum + (row.versions?.[version] ?? 0), 0);
  const share = (count: number, whole: number) => (whole > 0 ? count / whole : undefined);
  const versions = named.map((version) => ({ version, shares: chunks.map((chunk, i) => share(of(chunk, version), sessions[i]!)) }));
  const others = chunks.map((chunk, i) => share(sessions[i]! - named.reduce((sum, version) => sum + of(chunk, version), 0), sessions[i]!));
  if (others.some((other) => other !== undefined && other > 0)) versions.push({ version: "others", shares: others });
  return { from: chunks.map((chunk) => chunk[0]!.day!), versions };
}

/** Compares the first third of a trend with its last, in one word. */
export function direction(trend: number[]): string {
  const third = Math.max(1, Math.floor(trend.length / 3));
  const mean = (part: number[]) => part.reduce((sum, value) => sum + value, 0) / part.length;
  const [before, after] = [mean(trend.slice(0, third)), mean(trend.slice(-third))];
  return after > before * 1.1 ? "rising" : after < before * 0.9 ? "falling" : "steady";
}

export interface UncertainDay { day: string; why: "unreadable" | "overflow" | "silent" }

/**
 * The days whose counts are unreliable: log items could not be read, a counter item was full, or nothing arrived between days with
 * events, which suggests an outage.
 */
export function uncertainDays(ledger: LedgerRow[], requests: RequestRow[]): UncertainDay[] {
  const days = [...ledger].sort((a, b) => (a.day! < b.day! ? -1 : 1));
  const some = days.map((row) => row.received > 0);
  const [first, last] = [some.indexOf(true), some.lastIndexOf(true)];
  const overflown = new Set(requests.filter((row) => (row.overflow ?? 0) > 0).map((row) => row.day));
  return days.flatMap((row, i): UncertainDay[] => [
    ...((row.unreadable ?? 0) > 0 ? [{ day: row.day!, why: "unreadable" } as const] : []),
    ...(overflown.has(row.day) ? [{ day: row.day!, why: "overflow" } as const] : []),
    ...(!some[i] && i > first && i < last ? [{ day: row.day!, why: "silent" } as const] : []),
  ]);
}
