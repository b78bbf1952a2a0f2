import { describe, expect, it } from "vitest";
import { negotiateLocale, toLocale } from "./locales";

describe("choosing a language", () => {
  it("takes the most wanted of ours, whatever the order and region", () => {
    expect(negotiateLocale("de-DE,fr;q=0.5,ko-KR;q=0.8")).toBe("ko");
    expect(negotiateLocale("fr-CA, en;q=0.9")).toBe("fr");
  });

  it("never takes a language that was refused", () => {
    expect(negotiateLocale("ko;q=0, fr;q=0.1")).toBe("fr");
  });

  it("speaks English when nothing fits or nothing was asked", () => {
    expect(negotiateLocale("de, *;q=0.1")).toBe("en");
    expect(negotiateLocale(null)).toBe("en");
    expect(toLocale("pt-BR")).toBe("en");
    expect(toLocale("ko_KR")).toBe("ko");
  });
});
