import { describe, expect, test } from "vitest";
import { refusedAnswer, type ProviderAnswer } from "@/lib/platform/provider";
import { awayWaitSeconds, blamesOneOfMany, judge, roundWaitSeconds } from "./rules";

const well = { away: false, othersSucceeded: true, uncertain: false, jitter: 0 };
const accepted: ProviderAnswer = { ok: true, statusCode: 200, providerId: "x", retryable: false, retryAfterSeconds: null, answer: "" };
const refused = (statusCode: number | null, asked: number | null = null) =>
  refusedAnswer(statusCode, statusCode === null || statusCode === 429 || statusCode >= 500, "", asked);

describe("an answer", () => {
  test("of acceptance ends it", () => expect(judge(accepted, 1, well)).toEqual({ kind: "sent" }));

  test.each([
    [400, "bad-request"],
    [422, "bad-request"],
    [401, "credentials"],
    [403, "permission"],
    [404, "gone"],
    [410, "gone"],
  ] as const)("%i is not tried again and names its cause: %s", (statusCode, cause) => {
    expect(judge(refused(statusCode), 1, well)).toEqual({ kind: "failed", cause });
  });

  test("may name a cause that its status does not", () => {
    expect(judge({ ...refused(400), cause: "credentials" }, 1, well)).toEqual({ kind: "failed", cause: "credentials" });
  });

  test.each([429, 500, 503, null])("%s is tried again after 1, 2 and 4 seconds and a little", (statusCode) => {
    for (const [index, wait] of [1000, 2000, 4000].entries()) {
      expect(judge(refused(statusCode), index + 1, well)).toEqual({ kind: "retry", waitMs: wait });
      expect(judge(refused(statusCode), index + 1, { ...well, jitter: 1 })).toEqual({ kind: "retry", waitMs: wait * 1.25 });
    }
  });

  test("that asks for patience gets it: slept when short, put back when long", () => {
    expect(judge(refused(429, 8), 1, well)).toEqual({ kind: "retry", waitMs: 8000 });
    expect(judge(refused(429, 11), 1, well)).toEqual({ kind: "later", waitMs: 11_000, alone: false });
  });
});

describe("after the fourth failure", () => {
  test("it is exhausted where others succeeded", () => expect(judge(refused(500), 4, well)).toEqual({ kind: "failed", cause: "exhausted" }));

  test("it waits where nobody succeeded, where it was only too fast, and where it may have arrived", () => {
    expect(judge(refused(500), 4, { ...well, othersSucceeded: false })).toEqual({ kind: "later", waitMs: null, alone: false });
    expect(judge(refused(429), 4, well)).toEqual({ kind: "later", waitMs: null, alone: false });
    expect(judge(refused(500), 4, { ...well, uncertain: true })).toEqual({ kind: "later", waitMs: null, alone: true });
  });
});

test("while the provider is away it is held at once, whichever try it was", () => {
  for (const tries of [1, 4]) expect(judge(refused(500), tries, { ...well, away: true })).toEqual({ kind: "held" });
  expect(judge(refused(422), 1, { ...well, away: true })).toEqual({ kind: "failed", cause: "bad-request" });
});

test("rounds come further apart, soon again for what waits for its provider", () => {
  expect([4, 8, 12, 16, 20, 24, 99].map(roundWaitSeconds)).toEqual([30, 60, 120, 300, 600, 900, 900]);
  expect([1, 4, 5, 9, 13, 99].map(awayWaitSeconds)).toEqual([10, 10, 30, 60, 120, 120]);
});

test("a call of several is taken apart for what one of them may have caused, never for a call that the provider already holds", () => {
  expect([400, 413, 422].map(blamesOneOfMany)).toEqual([true, true, true]);
  expect([401, 403, 409, 429, 500, null].map(blamesOneOfMany)).toEqual([false, false, false, false, false, false]);
});
