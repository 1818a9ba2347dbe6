import type { CallEvent } from "./api";

/** Calls as other programs take them. */

export const callsAsJson = (rows: CallEvent[]): string => JSON.stringify(rows, undefined, 2);

const columns: (keyof CallEvent)[] = ["time", "service", "operation", "status_code", "err_type", "err_msg", "stack_trace", "is_internal", "region", "account_id", "user_agent"];

export const callsAsCsv = (rows: CallEvent[]): string => csv(columns, rows.map((row) => columns.map((column) => row[column])));

/** RFC 4180. A text that a spreadsheet would run as a formula gets an apostrophe before it, as the API's own CSV does. */
export function csv(names: string[], rows: unknown[][]): string {
  return [names, ...rows].map((row) => row.map(cell).join(",")).join("\r\n") + "\r\n";
}

function cell(value: unknown): string {
  if (value === undefined || value === null) return "";
  if (typeof value !== "string") return String(value);
  const text = /^[=+\-@\t\r\n＝＋－＠]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Hands a text to the reader as a file. */
export function save(name: string, text: string, type: string): void {
  const address = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}
