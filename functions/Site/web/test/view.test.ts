import { describe, expect, it } from "vitest";
import { addressOf, parseAddress } from "../src/view";

describe("an address", () => {
  it("carries a path and what was chosen", () => expect(addressOf(["stacks"], { failed: "true", version: "", service: undefined })).toBe("#/stacks?failed=true"));
  it("is read back as it was written", () => {
    const { path, query } = parseAddress(addressOf(["stacks", "a/b?c"], { q: "1&2?3=4" }));
    expect([path, query.get("q")]).toEqual([["stacks", "a/b?c"], "1&2?3=4"]);
  });
  it("that was broken is read as far as it goes", () => expect(parseAddress("#/stacks/%E0%A4%A?x").path).toEqual(["stacks", "%E0%A4%A"]));
  it("that is empty is the first view's", () => expect(parseAddress("").path).toEqual([""]));
});
