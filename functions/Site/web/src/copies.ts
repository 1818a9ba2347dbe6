import type { CallEvent } from "./api";

/** Calls in formats that other programs can read. */

export const callsAsJson = (rows: CallEvent[]): string => JSON.stringify(rows, undefined, 2);

/** Each field of a call. A field that is missing here is a compile error. */
const fields: Record<keyof CallEvent, true> = {
  time: true, client_time: true, service: true, operation: true, status_code: true, err_type: true, err_msg: true, stack_trace: true,
  is_internal: true, region: true, account_id: true, user_agent: true,
};
const columns = Object.keys(fields) as (keyof CallEvent)[];

export const callsAsCsv = (rows: CallEvent[]): string => csv(columns, rows.map((row) => columns.map((column) => row[column])));

/** CSV as in RFC 4180. A text that a spreadsheet would run as a formula is prefixed with an apostrophe, as in the API's own CSV. */
export function csv(names: string[], rows: unknown[][]): string {
  return [names, ...rows].map((row) => row.map(cell).join(",")).join("\r\n") + "\r\n";
}

function cell(value: unknown): string {
  if (value === undefined || value === null) return "";
  if (typeof value !== "string") return String(value);
  const text = /^[=+\-@\t\r\n＝＋－＠]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Downloads a text as a file. */
export function save(name: string, text: string, type: string): void {
  const address = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}
