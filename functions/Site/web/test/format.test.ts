import { describe, expect, it } from "vitest";
import { duration, number, percent, plural } from "../src/format";

describe("numbers", () => {
  it("shows every digit", () => expect(number(1_234_567)).toBe("1,234,567"));
  it("shows shares with two decimals, and zero without", () => expect([percent(0.12345), percent(0)]).toEqual(["12.35%", "0%"]));
  it("distinguishes singular and plural", () => expect([plural(1, "call"), plural(0, "call"), plural(2, "entry", "entries")]).toEqual(["1 call", "0 calls", "2 entries"]));
});

describe("durations", () => {
  it.each([[0, "0 s"], [59, "59 s"], [60, "1 min"], [3605, "1 h"], [4320, "1 h 12 min"], [90_061, "1 d 1 h"], [-3, "0 s"]])("writes %i seconds as %s", (seconds, text) =>
    expect(duration(seconds)).toBe(text));
});
