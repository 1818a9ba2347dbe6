import { describe, expect, it } from "vitest";
import { adoption, byGrowth, changeText, direction, ofClass, statusesText, uncertainDays } from "../src/usage";

const row = (calls: number, before: number, status = 200) => ({ service: "s3", operation: "PutObject", status_code: status, calls, errors: 0, error_rate: 0, previous: { calls: before, errors: 0, error_rate: 0 } });

describe("a change", () => {
  it.each([[5, 5, "", "unchanged"], [5, 0, "▲", "new"], [0, 5, "▼", "gone"], [3, 2, "▲", "up 50.00%"], [1, 4, "▼", "down 75.00%"]])("to %i from %i is %s %s", (now, before, arrow, words) =>
    expect(changeText(now, before)).toEqual({ arrow, words }));
  it("is undefined when the earlier number is not known", () => expect(changeText(1, undefined)).toBeUndefined());
});

describe("rows", () => {
  it("are ranked by growth", () => expect(byGrowth([row(10, 9), row(5, 0), row(1, 8)]).map((r) => r.calls)).toEqual([5, 10, 1]));
  it("are filtered by class, with 501 as a class of its own", () => expect(["501", "5xx", "4xx", "2xx"].map((name) => ofClass([row(1, 0, 501), row(2, 0, 500), row(3, 0, 404), row(4, 0, 200), row(0, 5, 501)], name).map((r) => r.calls)))
    .toEqual([[1], [1, 2], [3], [4]]));
  it("list statuses, most frequent first", () => expect([statusesText({ 200: 5, 404: 1200 }), statusesText(undefined)]).toEqual(["404: 1,200, 200: 5", ""]));
});

describe("adoption", () => {
  const days = Array.from({ length: 4 }, (_, i) => ({ day: `2026-11-0${4 - i}`, sessions: 10, versions: { old: i < 2 ? 2 : 9, new: i < 2 ? 7 : 0 } }));
  it("divides the period and gives shares that add up to one", () => {
    const { from, versions } = adoption(days, 2);
    expect(from).toEqual(["2026-11-01", "2026-11-03"]);
    expect(versions).toEqual([{ version: "old", shares: [0.9, 0.2] }, { version: "new", shares: [0, 0.7] }, { version: "others", shares: [0.1, 0.1] }]);
  });
  it("has no share for a part without sessions", () => expect(adoption([{ day: "2026-11-01", sessions: 0, versions: {} }]).versions).toEqual([]));
});

describe("a trend", () => {
  it.each([[[1, 1, 1, 5, 5, 5], "rising"], [[5, 5, 1, 1], "falling"], [[10, 3, 10], "steady"], [[0, 0], "steady"], [[0, 1], "rising"]])("%j is %s", (trend, word) => expect(direction(trend)).toBe(word));
});

describe("a day is unreliable", () => {
  const ledger = (received: number[], unreadable = -1) => received.map((events, i) => ({ day: `2026-11-0${i + 1}`, received: events, stored: events, dropped: {}, stripped: {}, ...(i === unreadable ? { unreadable: 1 } : {}) }));
  it("when log items could not be read", () => expect(uncertainDays(ledger([1, 1], 1), [])).toEqual([{ day: "2026-11-02", why: "unreadable" }]));
  it("when an item was full", () => expect(uncertainDays(ledger([1, 1]), [{ day: "2026-11-01", calls: 9, errors: 0, error_rate: 0, overflow: 3 }])).toEqual([{ day: "2026-11-01", why: "overflow" }]));
  it("when nothing arrived, although events arrived before and after", () => expect(uncertainDays(ledger([0, 1, 0, 0, 1, 0]).reverse(), []).map((one) => one.day)).toEqual(["2026-11-03", "2026-11-04"]));
  it("in no other case", () => expect([uncertainDays(ledger([0, 0]), []), uncertainDays([], [])]).toEqual([[], []]));
});
