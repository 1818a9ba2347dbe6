import { describe, expect, it } from "vitest";
import { addressOf, parseAddress } from "../src/view";

describe("an address", () => {
  it("contains the path and the choices", () => expect(addressOf(["stacks"], { failed: "true", version: "", service: undefined })).toBe("#/stacks?failed=true"));
  it("is parsed back unchanged", () => {
    const { path, query } = parseAddress(addressOf(["stacks", "a/b?c"], { q: "1&2?3=4" }));
    expect([path, query.get("q")]).toEqual([["stacks", "a/b?c"], "1&2?3=4"]);
  });
  it("that is damaged is parsed as far as possible", () => expect(parseAddress("#/stacks/%E0%A4%A?x").path).toEqual(["stacks", "%E0%A4%A"]));
  it("that is empty has an empty path", () => expect(parseAddress("").path).toEqual([""]));
});
