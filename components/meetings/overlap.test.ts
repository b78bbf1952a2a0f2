import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sideBySide, type Span } from "./overlap";

const overlap = (a: Span, b: Span) => a.fromMinute < b.toMinute && b.fromMinute < a.toMinute;
const span = fc
  .tuple(fc.integer({ min: 0, max: 1400 }), fc.integer({ min: 5, max: 300 }))
  .map(([fromMinute, length]): Span => ({ fromMinute, toMinute: Math.min(1440, fromMinute + length) }));

describe("meetings side by side", () => {
  it("gives a meeting alone the whole width, and back-to-back ones too", () => {
    expect(sideBySide([{ fromMinute: 60, toMinute: 120 }, { fromMinute: 120, toMinute: 180 }])).toEqual([
      { lane: 0, lanes: 1 },
      { lane: 0, lanes: 1 },
    ]);
  });

  it("never lays two overlapping meetings over each other, and gives both the same share", () => {
    fc.assert(
      fc.property(fc.array(span, { maxLength: 14 }), (spans) => {
        const lanes = sideBySide(spans);
        spans.forEach((a, i) =>
          spans.slice(i + 1).forEach((b, rest) => {
            const first = lanes[i];
            const second = lanes[i + 1 + rest];
            if (!overlap(a, b)) return;
            expect(first?.lane).not.toBe(second?.lane);
            expect(first?.lanes).toBe(second?.lanes);
          }),
        );
        lanes.forEach(({ lane, lanes: count }) => expect(lane).toBeLessThan(count));
      }),
    );
  });
});
