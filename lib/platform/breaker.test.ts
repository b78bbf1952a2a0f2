import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { breakerOf, breakers } from "./breaker";
import { refusedAnswer, type ProviderAnswer } from "./provider";

for (const name of ["DATABASE_URL", "RESEND_API_KEY", "PUSHER_APP_ID", "PUSHER_KEY", "PUSHER_SECRET"]) process.env[name] ??= "test";
Object.assign(process.env, { NEXTAUTH_SECRET: "a-session-secret-of-the-tests", LINK_SECRET: "a-link-secret-of-the-tests", ENCRYPTION_KEYS: "test:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", LOG_LEVEL: "silent" });

const accepted: ProviderAnswer = { ok: true, statusCode: 200, providerId: null, retryable: false, retryAfterSeconds: null, answer: "accepted" };
const unwell = refusedAnswer(503, true, "unwell");
const silent = refusedAnswer(null, true, "no answer");
const tooFast = refusedAnswer(429, true, "slower");
const bad = refusedAnswer(422, false, "no such address");

let calls = 0;
const call = (answer: ProviderAnswer, provider = "post") => breakerOf(provider).call(async () => ((calls += 1), [answer]));
const callTimes = async (count: number, answer: ProviderAnswer) => {
  for (let call_ = 0; call_ < count; call_ += 1) await call(answer);
};

beforeEach(() => {
  breakers().clear();
  calls = 0;
  vi.useFakeTimers({ toFake: ["Date", "performance"] });
});
afterEach(() => void vi.useRealTimers());

test("four failing calls open it: the fifth is not made, and other providers are not concerned", async () => {
  await callTimes(2, unwell);
  await callTimes(2, silent);
  expect(breakerOf("post").state()).toBe("open");
  expect(await call(accepted)).toBeNull();
  expect(calls).toBe(4);
  expect(await call(accepted, "radio")).toEqual([accepted]);
});

test("three failures, or as many as there are successes, do not", async () => {
  await callTimes(3, unwell);
  await callTimes(3, accepted);
  expect(breakerOf("post").state()).toBe("closed");
  await callTimes(1, unwell);
  expect(breakerOf("post").state()).toBe("open");
});

test("what is the message's own fault, or ours for being too fast, says nothing against the provider", async () => {
  await callTimes(10, bad);
  await callTimes(10, tooFast);
  expect(breakerOf("post").state()).toBe("closed");
});

test("after ten seconds one call finds out: another failure keeps it open, a success closes it", async () => {
  await callTimes(4, unwell);
  const again = breakerOf("post").blockedUntil();
  expect(again?.getTime()).toBe(Date.now() + 10_000);
  vi.advanceTimersByTime(10_001);
  expect(breakerOf("post").blockedUntil()).toBeNull();
  const [first, second] = await Promise.all([call(unwell), call(accepted)]);
  expect([first, second]).toEqual([[unwell], null]);
  vi.advanceTimersByTime(10_001);
  expect(await call(accepted)).toEqual([accepted]);
  expect(breakerOf("post").state()).toBe("closed");
});

test("what went well long ago does not hide an outage", async () => {
  await callTimes(50, accepted);
  vi.advanceTimersByTime(60_000);
  await callTimes(4, unwell);
  expect(breakerOf("post").state()).toBe("open");
});

test("it says whether others fared better meanwhile", async () => {
  const before = breakerOf("post").successes();
  await callTimes(2, unwell);
  await callTimes(1, bad);
  expect(breakerOf("post").successes()).toBe(before);
  await callTimes(1, accepted);
  expect(breakerOf("post").successes()).toBe(before + 1);
});
