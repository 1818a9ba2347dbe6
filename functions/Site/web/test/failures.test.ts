import { describe, expect, it } from "vitest";
import api from "../../../../docs/api.yaml?raw";
import type { CallEvent, Change, Comparison, StackSummary } from "../src/api";
import { shortAgent } from "../src/agents";
import { callsAsCsv, csv } from "../src/copies";
import { changesOf, coverageOf, difference, failedIn, headline, isNotImplemented } from "../src/failures";

const run = (version: string): StackSummary => ({ session: "s", started_at: "", last_seen_at: "", duration_s: 0, calls: 0, succeeded: 0, failed: 0, services: [], version });
const change = (kind: Change["change"]): Change => ({ service: "s3", operation: "PutObject", calls: 1, failed: 0, calls_before: 1, failed_before: 0, change: kind });
const comparison = (...kinds: Change["change"][]): Comparison => ({ session: run("2"), with: run("1"), rows: kinds.map(change) });

describe("a comparison", () => {
  it("starts with the operations that fail now", () => expect(headline(comparison("fails_now", "fails_now", "new", "same"))).toBe("2 operations fail now and did not before, 1 is new."));
  it("says when nothing changed", () => expect(headline(comparison("same"))).toBe("Both runs have the same counts."));
  it("leaves out unchanged operations", () => expect(changesOf(comparison("same", "vanished")).map((row) => row.change)).toEqual(["vanished"]));
  it("writes differences with a sign", () => expect([difference(3, 1), difference(1, 3), difference(2, 2)]).toEqual(["+2", "−2", "±0"]));
});

describe("errors", () => {
  it("add up to the failed calls", () => expect(failedIn([{ service: "a", operation: "b", status_code: 400, calls: 2 }, { service: "a", operation: "b", status_code: 501, calls: 3, rest: true }])).toBe(5));
  it("with 501 are not implemented, and link to the service's coverage", () =>
    expect([isNotImplemented({ status_code: 501 }), isNotImplemented({ status_code: 500 }), coverageOf("a/b")]).toEqual([true, false, "https://docs.localstack.cloud/aws/services/a%2Fb/#api-coverage"]));
});

describe("a user agent", () => {
  it.each([["aws-cli/2.15.30 Python/3.11.8", "aws-cli 2.15"], ["HashiCorp Terraform/1.7.5 terraform-provider-aws/5.42.0", "HashiCorp Terraform 1.7"],
    ["Boto3/1", "Boto3 1"], ["unknown", "unknown"], ["", ""]])("%j becomes %j", (whole, short) => expect(shortAgent(whole)).toBe(short));
});

describe("CSV", () => {
  it("quotes cells where necessary and disarms formulas", () => expect(csv(["a"], [["=1+1"], ["x,\"y\""], [undefined], [-5], ["＝1"]])).toBe("a\r\n'=1+1\r\n\"x,\"\"y\"\"\"\r\n\r\n-5\r\n'＝1\r\n"));
  it("has a column for each field of a call", () => {
    const schema = /^    Call:\n(?: {6,}.*\n)*? {6}properties:\n((?: {8,}.*\n)+)/m.exec(api)![1]!;
    const fields = [...schema.matchAll(/^ {8}(\w+):/gm)].map(([, field]) => field!);
    const call = Object.fromEntries(fields.map((field) => [field, `its ${field}`])) as unknown as CallEvent;
    expect(fields).toContain("status_code");
    expect(callsAsCsv([call]).split("\r\n")).toEqual([fields.join(","), fields.map((field) => `its ${field}`).join(","), ""]);
  });
  it("leaves the cell of a missing field empty", () => expect(callsAsCsv([{ time: "t", service: "s3", operation: "PutObject", status_code: 200, is_internal: false }]).split("\r\n")[1])
    .toBe("t,,s3,PutObject,200,,,,false,,,"));
});
