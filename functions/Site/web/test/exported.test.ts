import { describe, expect, it } from "vitest";
import { gather, type ExportPage } from "../src/exported";

describe("an export", () => {
  const pages: Record<string, ExportPage> = {
    first: { track_events: true, activations: [{}], sessions: [{ session_id: "a", item: { version: "1" }, calls: [1, 2].map((n) => ({ n })) }], cursor: "2" },
    2: { sessions: [{ session_id: "a", calls: [{ n: 3 }] }, { session_id: "b", item: {}, calls: [] }], cursor: "3" },
    3: { sessions: [] },
  };
  it("joins its pages, and a session that continues on a second page", async () => {
    const told: number[] = [];
    const all = await gather((cursor) => Promise.resolve(structuredClone(pages[cursor ?? "first"]!)), (sessions) => told.push(sessions));
    expect(all).toEqual({ track_events: true, activations: [{}], sessions: [
      { session_id: "a", item: { version: "1" }, calls: [{ n: 1 }, { n: 2 }, { n: 3 }] }, { session_id: "b", item: {}, calls: [] }] });
    expect(told).toEqual([2, 2]);
  });
  it("fails as a whole when one page fails", async () => {
    await expect(gather((cursor) => (cursor ? Promise.reject(new Error("unavailable")) : Promise.resolve(pages["first"]!)), () => undefined)).rejects.toThrow("unavailable");
  });
});
