/** Formats numbers and times. Counts are shown in full, never rounded to thousands, so that they match the API's answer. */

const integers = new Intl.NumberFormat("en");
const percents = new Intl.NumberFormat("en", { style: "percent", minimumFractionDigits: 2, maximumFractionDigits: 2 });
const shares = new Intl.NumberFormat("en", { style: "percent", maximumSignificantDigits: 2 });
const dayAndTime = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit" });
const dayTimeSecond = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", second: "2-digit" });
const timeOnly = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
const shortDays = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short" });
const shortDaysUtc = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", timeZone: "UTC" });
const days = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });

const months = new Intl.DateTimeFormat("en-GB", { month: "long", year: "numeric", timeZone: "UTC" });

export const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;

export const number = (value: number): string => integers.format(value);

export const percent = (share: number): string => (share === 0 ? "0%" : percents.format(share));

/** A published share, which has two digits: 0.23 becomes 23%, 0.0041 becomes 0.41%. */
export const share = (value: number): string => shares.format(value);

export const plural = (count: number, one: string, many = `${one}s`): string => `${number(count)} ${count === 1 ? one : many}`;

export const time = (iso: string): string => dayAndTime.format(new Date(iso));

export const timeToSecond = (iso: string): string => dayTimeSecond.format(new Date(iso));

/** The time of day, from seconds since 1970, which the axes of charts use. */
export const clock = (seconds: number): string => timeOnly.format(seconds * 1000);

export const shortDay = (seconds: number, utc: boolean): string => (utc ? shortDaysUtc : shortDays).format(seconds * 1000);

/** A day as the API writes it (`2026-11-22`, UTC). */
export const day = (iso: string): string => days.format(new Date(`${iso}T00:00:00Z`));

/** A month as the API writes it (`2026-11`). */
export const month = (iso: string): string => months.format(new Date(`${iso}-01T00:00:00Z`));

/** Seconds in their two largest units: `1 h 12 min`. */
export function duration(seconds: number): string {
  const units: [string, number][] = [["d", 86400], ["h", 3600], ["min", 60], ["s", 1]];
  const parts: string[] = [];
  let rest = Math.max(0, Math.round(seconds));
  for (const [name, size] of units) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) parts.push(`${count} ${name}`);
    else if (parts.length > 0) break;
    if (parts.length === 2) break;
  }
  return parts.length > 0 ? parts.join(" ") : "0 s";
}
