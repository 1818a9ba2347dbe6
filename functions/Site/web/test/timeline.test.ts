import { describe, expect, it } from "vitest";
import { foldMinutes } from "../src/minutes";

const minute = (at: number, calls: number, failed = 0) => ({ minute: new Date(Date.UTC(2026, 10, 22, 7, at)).toISOString(), calls, failed });

describe("minutes as bars", () => {
  it("have no gaps and keep the sums", () => {
    const { bars, step } = foldMinutes([minute(0, 3, 1), minute(12, 4)], 60);
    expect([step, bars.length]).toEqual([60, 13]);
    expect(bars.reduce((sum, bar) => sum + bar.whole, 0)).toBe(7);
    expect(bars.reduce((sum, bar) => sum + bar.part, 0)).toBe(1);
  });
  it("become wider when there would be too many", () => {
    const { bars, step } = foldMinutes([minute(0, 1), minute(60 * 24, 2)], 60);
    expect(step).toBe(900);
    expect(bars.length).toBeLessThanOrEqual(241);
    expect(bars.at(-1)!.whole).toBe(2);
  });
  it("of a single minute leave space beside it", () => expect(foldMinutes([minute(0, 1)], 60).bars.length).toBe(10));
});
