import { describe, expect, test } from "vitest";
import { freeSlug, isReserved, slugOf } from "./slug";

describe("the address of a name", () => {
  test.each([
    ["Maru", "maru"],
    ["Seoul  Studio, Inc.", "seoul-studio-inc"],
    ["Atelier d’Été", "atelier-d-ete"],
    ["마루", "maru"],
    ["한국디자인", "hangukdijain"],
    ["서울 Team 7", "seoul-team-7"],
    ["株式会社", "team"],
    ["🙂", "team"],
    ["API", "api-team"],
    ["Sign in", "sign-in-team"],
    ["-a-", "a"],
  ])("%s is /%s", (name, slug) => {
    expect(slugOf(name, "team")).toBe(slug);
  });

  test("is short and never a word of the application", () => {
    expect(slugOf("x".repeat(100), "team")).toHaveLength(40);
    for (const word of ["api", "sign-in", "begin", "join", "rsvp", "settings", "webhook", "oauth"]) expect(isReserved(word)).toBe(true);
  });

  test("is numbered when it is taken", () => {
    expect(freeSlug("maru", new Set(["maru", "maru-2"]))).toBe("maru-3");
    expect(freeSlug("maru", new Set(["maru-2"]))).toBe("maru");
  });
});
