import type { Change, ChangeKind, Comparison, ErrorGroup } from "./api";

/** The texts and numbers of errors and comparisons. The views draw them. */

/** 501: LocalStack does not implement the operation. */
export const isNotImplemented = (error: { status_code: number }): boolean => error.status_code === 501;

/** The page of LocalStack's documentation that lists the implemented operations of a service. */
export const coverageOf = (service: string): string => `https://docs.localstack.cloud/aws/services/${encodeURIComponent(service)}/#api-coverage`;

export const changeNames: Record<ChangeKind, string> = {
  fails_now: "Fails now", new: "New", vanished: "No longer called", recovered: "No longer fails", changed: "Different counts", same: "Unchanged",
};

/** Summarizes a comparison: how many operations fail now and did not before, are new, and so on. Unchanged operations are not mentioned. */
export function headline(comparison: Comparison): string {
  const count = (kind: ChangeKind) => comparison.rows.filter((row) => row.change === kind).length;
  const parts = ([["fails_now", "fails now and did not before", "fail now and did not before"], ["new", "is new", "are new"],
    ["vanished", "is no longer called", "are no longer called"], ["recovered", "no longer fails", "no longer fail"], ["changed", "has different counts", "have different counts"]] as const)
    .map(([kind, one, many]) => [count(kind), one, many] as const)
    .filter(([many]) => many > 0)
    .map(([many, one, several], i) => `${many} ${i === 0 ? (many === 1 ? "operation " : "operations ") : ""}${many === 1 ? one : several}`);
  return parts.length === 0 ? "Both runs have the same counts." : `${parts.join(", ")}.`;
}

/** The difference from the earlier number: `+3`, `−2` or `±0`. */
export const difference = (now: number, before: number): string => (now === before ? "±0" : now > before ? `+${now - before}` : `−${before - now}`);

export const changesOf = (comparison: Comparison): Change[] => comparison.rows.filter((row) => row.change !== "same");

/** The number of calls in all errors, which is the number of failed calls in the stack. */
export const failedIn = (errors: ErrorGroup[]): number => errors.reduce((sum, error) => sum + error.calls, 0);
