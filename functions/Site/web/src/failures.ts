import type { Change, ChangeKind, Comparison, ErrorGroup } from "./api";

/** What stands in an error's or a comparison's row, worked out apart from how it is drawn. */

/** 501: LocalStack does not implement the operation. */
export const isNotImplemented = (error: { status_code: number }): boolean => error.status_code === 501;

/** Where LocalStack says which operations of a service it has. */
export const coverageOf = (service: string): string => `https://docs.localstack.cloud/aws/services/${encodeURIComponent(service)}/#api-coverage`;

export const changeNames: Record<ChangeKind, string> = {
  fails_now: "Fails now", new: "New", vanished: "Vanished", recovered: "No longer fails", changed: "Other numbers", same: "The same",
};

/** What a person is told first: how many operations fail that did not, and so on; nothing about those that are the same. */
export function headline(comparison: Comparison): string {
  const count = (kind: ChangeKind) => comparison.rows.filter((row) => row.change === kind).length;
  const parts = ([["fails_now", "fails now and did not before", "fail now and did not before"], ["new", "is new", "are new"],
    ["vanished", "has vanished", "have vanished"], ["recovered", "no longer fails", "no longer fail"], ["changed", "has other numbers", "have other numbers"]] as const)
    .map(([kind, one, many]) => [count(kind), one, many] as const)
    .filter(([many]) => many > 0)
    .map(([many, one, several], i) => `${many} ${i === 0 ? (many === 1 ? "operation " : "operations ") : ""}${many === 1 ? one : several}`);
  return parts.length === 0 ? "Both did the same." : `${parts.join(", ")}.`;
}

/** `+3`, `−2` or `±0`, for a number beside the one before. */
export const difference = (now: number, before: number): string => (now === before ? "±0" : now > before ? `+${now - before}` : `−${before - now}`);

export const changesOf = (comparison: Comparison): Change[] => comparison.rows.filter((row) => row.change !== "same");

/** The errors' calls, which is what failed in the stack. */
export const failedIn = (errors: ErrorGroup[]): number => errors.reduce((sum, error) => sum + error.calls, 0);
