import { createHmac } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bodyBytesMax, bodyOf } from "./body";
import { attemptsMax } from "./inputs";
import { attemptWaitsSeconds, beginningOf, headersKept, retryAfterMs, verdictOf } from "./rules";
import { newSecret, signatureOf } from "./signing";

const nowMs = Date.parse("2026-11-21T10:00:00Z");
const judged = (status: number, more: { retryAfter?: string; attempts?: number; test?: boolean; jitter?: number } = {}) =>
  verdictOf({ status, retryAfter: more.retryAfter }, { attempts: more.attempts ?? 1, nowMs, jitter: more.jitter ?? 0, test: more.test ?? false });

describe("signatures", () => {
  test("match the vector of the Standard Webhooks libraries", () => {
    const signed = { id: "msg_p5jXN8AQM9LWM0D4loKWxJek", timestamp: 1614265330, body: '{"test": 2432232314}' };
    expect(signatureOf(signed, ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"])).toBe("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
  });

  test("are one for each secret, the newest first, over id, time and body", () => {
    const secrets = [newSecret(), newSecret()];
    const signed = { id: "evt_1", timestamp: 1, body: "{}" };
    const expected = secrets.map((secret) => `v1,${createHmac("sha256", Buffer.from(secret.slice(6), "base64")).update("evt_1.1.{}").digest("base64")}`);
    expect(signatureOf(signed, secrets)).toBe(expected.join(" "));
    for (const other of [{ ...signed, id: "evt_2" }, { ...signed, timestamp: 2 }, { ...signed, body: "{ }" }]) expect(signatureOf(other, secrets)).not.toBe(expected.join(" "));
  });

  test("are made with 32 random bytes", () => {
    const secret = newSecret();
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(newSecret()).not.toBe(secret);
  });
});

describe("what becomes of an attempt", () => {
  test.each([200, 201, 204, 299])("%i delivers", (status) => expect(judged(status)).toEqual({ kind: "delivered" }));
  test.each([301, 302, 307, 400, 401, 404, 408, 418, 429, 500, 502, 503, 504, 199, 304])("%i is tried again", (status) => expect(judged(status).kind).toBe("retry"));
  test("410 means that nothing more is wanted, however often it was tried", () => {
    expect(judged(410)).toEqual({ kind: "gone" });
    expect(judged(410, { attempts: attemptsMax })).toEqual({ kind: "gone" });
  });
  test("the eighth failure is the last", () => {
    expect(judged(500, { attempts: attemptsMax - 1 }).kind).toBe("retry");
    expect(judged(500, { attempts: attemptsMax }).kind).toBe("exhausted");
    // One that a killed process left behind counts as well.
    expect(judged(500, { attempts: attemptsMax + 1 }).kind).toBe("exhausted");
  });
  test("there are as many attempts as are promised", () => expect(attemptWaitsSeconds).toHaveLength(attemptsMax));
  test("a test is tried once", () => {
    expect(judged(500, { test: true }).kind).toBe("exhausted");
    expect(judged(410, { test: true }).kind).toBe("exhausted");
    expect(verdictOf({ fault: "timeout: …" }, { attempts: 1, nowMs, jitter: 0, test: true }).kind).toBe("exhausted");
  });
  test("waits grow by the schedule, and by a tenth at most besides", () => {
    const waits = (jitter: number) => Array.from({ length: 7 }, (_, index) => judged(500, { attempts: index + 1, jitter })).map((verdict) => (verdict.kind === "retry" ? verdict.waitMs / 1000 : null));
    expect(waits(0)).toEqual([5, 300, 1800, 7200, 18_000, 36_000, 36_000]);
    for (const [index, wait] of waits(1).entries()) expect(wait).toBeCloseTo((waits(0)[index] ?? 0) * 1.1);
  });
  test("Retry-After of 429 and 503 lengthens the wait for everything, and never shortens it", () => {
    expect(judged(429, { retryAfter: "120" })).toEqual({ kind: "retry", waitMs: 120_000, everything: true });
    expect(judged(503, { retryAfter: "Sat, 21 Nov 2026 10:10:00 GMT" })).toEqual({ kind: "retry", waitMs: 600_000, everything: true });
    expect(judged(429, { retryAfter: "1", attempts: 2 })).toEqual({ kind: "retry", waitMs: 300_000, everything: true });
    expect(judged(500, { retryAfter: "120" })).toEqual({ kind: "retry", waitMs: 5_000, everything: false });
    expect(judged(429)).toEqual({ kind: "retry", waitMs: 5_000, everything: false });
  });
  test.each([["", null], [undefined, null], ["soon", null], ["-5", null], ["0", null], ["Sat, 21 Nov 2026 09:00:00 GMT", null], ["999999999999", 86_400_000], ["30", 30_000]])(
    "Retry-After: %s is read leniently and capped at a day",
    (value, expected) => expect(retryAfterMs(value, nowMs)).toBe(expected),
  );
});

describe("what is kept of an answer", () => {
  test("headers that help, never cookies", () => {
    expect(headersKept({ "Content-Type": "text/html", "set-cookie": "a=b", "retry-after": "5", "x-powered-by": "x" })).toEqual({ "content-type": "text/html", "retry-after": "5" });
  });
  test("the first 4 KB, whole characters only, storable", () => {
    expect(Buffer.byteLength(beginningOf("한".repeat(4000)))).toBeLessThanOrEqual(4096);
    expect(beginningOf("한".repeat(4000))).not.toContain("\uFFFD");
    expect(beginningOf("a\u0000b")).toBe("a\uFFFDb");
  });
});

describe("a body", () => {
  const saying = (data: Record<string, unknown>) => ({ event: "jira.issue.created", occurredAt: "2026-11-21T10:00:00.000Z", entity: "issue:1", sequence: 7, data });
  test("says what happened, when, and where it stands in the order", () => {
    expect(JSON.parse(bodyOf(saying({ a: 1 })))).toEqual({ type: "jira.issue.created", timestamp: "2026-11-21T10:00:00.000Z", data: { a: 1 }, sequence: 7, entity: "issue:1" });
  });
  test("names what was cut", () => {
    const body = bodyOf(saying({ comment: { id: "1", text: "𝄞".repeat(30_000) }, labels: ["a"] }));
    expect(Buffer.byteLength(body)).toBeLessThanOrEqual(bodyBytesMax);
    const said = JSON.parse(body) as { data: { comment: { id: string; text: string } }; truncated: string[] };
    expect(said.truncated).toEqual(["data.comment.text"]);
    expect(said.data.comment.id).toBe("1");
    expect(said.data.comment.text).toMatch(/^(𝄞)+…$/u);
  });
  test("fits, whatever it is made of, and stays JSON", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.integer({ min: 1, max: 400 }), (data, times) => {
        const body = bodyOf(saying({ ...data, many: Array.from({ length: times }, () => ({ text: "x".repeat(times), ...data })) }));
        expect(Buffer.byteLength(body)).toBeLessThanOrEqual(bodyBytesMax);
        expect(JSON.parse(body)).toMatchObject({ sequence: 7 });
      }),
      { numRuns: 50 },
    );
  });
});
