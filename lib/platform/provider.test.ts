import { expect, test } from "vitest";
import { clock } from "./clock";
import { isOutage, refusedAnswer, retryAfterSeconds } from "./provider";

test("Retry-After is seconds or an HTTP date; what is neither asks for nothing", () =>
  clock.at("2031-03-03T01:00:00Z", () => {
    expect(retryAfterSeconds("7")).toBe(7);
    expect(retryAfterSeconds("Mon, 03 Mar 2031 01:02:00 GMT")).toBe(120);
    expect(retryAfterSeconds("Mon, 03 Mar 2031 00:00:00 GMT")).toBe(0);
    expect([retryAfterSeconds("soon"), retryAfterSeconds(undefined)]).toEqual([null, null]);
  }));

test("silence and server faults are an outage; a limit, a refusal and a request that was never made are not", () => {
  expect([refusedAnswer(null, true, ""), refusedAnswer(503, true, "")].map(isOutage)).toEqual([true, true]);
  expect([refusedAnswer(429, true, ""), refusedAnswer(422, false, ""), refusedAnswer(null, false, "")].map(isOutage)).toEqual([false, false, false]);
});
