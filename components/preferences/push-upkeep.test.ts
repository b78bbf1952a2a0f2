import { describe, expect, it } from "vitest";
import { upkeep, type Seen } from "./push-upkeep";

const mark = { endpoint: "https://push.example/1", organization: "maru", personId: "usr_1", checkedOn: "2026-11-21" };
const seen: Seen = { organization: "maru", personId: "usr_1", today: "2026-11-21", subscription: { endpoint: mark.endpoint, ofTodaysKey: true } };

describe("what is done about a browser's subscription when a page opens", () => {
  it("is nothing where all is as it was, and where push was never turned on", () => {
    expect(upkeep(mark, seen)).toBe("nothing");
    expect(upkeep(null, { ...seen, subscription: null })).toBe("nothing");
  });

  it("renews what the browser lost, or what belongs to an earlier key", () => {
    expect(upkeep(mark, { ...seen, subscription: null })).toBe("renew");
    expect(upkeep(mark, { ...seen, subscription: { endpoint: mark.endpoint, ofTodaysKey: false } })).toBe("renew");
  });

  it("tells the server of a renewed address", () => {
    expect(upkeep(mark, { ...seen, subscription: { endpoint: "https://push.example/2", ofTodaysKey: true } })).toBe("replace");
  });

  it("follows into another organization, and says once a day that it is still there", () => {
    expect(upkeep(mark, { ...seen, organization: "atelier" })).toBe("follow");
    expect(upkeep({ ...mark, checkedOn: "2026-11-20" }, seen)).toBe("follow");
  });

  it("asks the server about a subscription it does not remember", () => {
    expect(upkeep(null, seen)).toBe("follow");
  });

  it("shows nothing to another person than the one who turned it on, whatever the browser holds", () => {
    expect(upkeep(mark, { ...seen, personId: "usr_2" })).toBe("forget");
    expect(upkeep(mark, { ...seen, personId: "usr_2", subscription: null })).toBe("forget");
  });
});
