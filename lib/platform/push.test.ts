import { createECDH } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { startPush, type PushEngine } from "@/local/push/server";
import { clock } from "./clock";
import type { Push } from "./push-message";

/** A pair as `local/start/secrets.mjs` makes it. */
function vapidPair() {
  const ecdh = createECDH("prime256v1");
  return { VAPID_PUBLIC_KEY: ecdh.generateKeys("base64url"), VAPID_PRIVATE_KEY: ecdh.getPrivateKey("base64url") };
}

let engine: PushEngine;
/** The push service's own clock. */
let now = () => Date.now();
let push: typeof import("./push");
const pair = vapidPair();
beforeAll(async () => {
  engine = await startPush({ port: 0, now: () => now() });
  Object.assign(process.env, pair, {
    DATABASE_URL: "postgres://nobody@127.0.0.1:1/none",
    NEXTAUTH_SECRET: "a-session-secret-of-the-tests",
    LINK_SECRET: "a-link-secret-of-the-tests", ENCRYPTION_KEYS: "test:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
    RESEND_API_KEY: "re_test",
    PUSHER_APP_ID: "1",
    PUSHER_KEY: "k",
    PUSHER_SECRET: "s",
    MAIL_FROM: "Moim <moim@moim.example>",
    OUTBOUND_ALLOW: `127.0.0.1:${engine.port}`,
    FCM_SERVICE_ACCOUNT: engine.firebase.serviceAccount(),
    FCM_BASE_URL: engine.url,
  });
  push = await import("./push");
});
afterAll(() => engine.close());
beforeEach(() => {
  engine.control({ mode: "ok" });
  now = () => Date.now();
});

const message = (over: Partial<Push> = {}): Push => ({
  notice: { title: "Plan", body: "회의 · ☕", url: "/here/meetings/1", tag: "t", receiverId: "rcv_1", organization: "here", at: 1, badge: { unread: 3, version: 9 } },
  ttlSeconds: 600,
  topic: "abc-DEF_123",
  urgency: "high",
  ...over,
});
const targetOf = ({ json }: ReturnType<PushEngine["newSubscription"]>) => ({ kind: "webpush" as const, endpoint: json.endpoint, ...json.keys });

describe("to a browser", () => {
  test("the push service cannot read it, the browser can; its sender is proven; time to live, topic and urgency are said", async () => {
    const subscription = engine.newSubscription(pair.VAPID_PUBLIC_KEY);
    expect(await push.sendPush(targetOf(subscription), message())).toMatchObject({ ok: true, statusCode: 201, providerId: expect.stringContaining("/message/") });
    expect(subscription.payloads()).toEqual([message().notice]);
    expect(subscription.accepted).toMatchObject([{ ttlSeconds: 600, topic: "abc-DEF_123", urgency: "high", fault: null }]);
  });

  test("a newer one of its topic replaces what waits; what nobody fetched in time is dropped", async () => {
    const subscription = engine.newSubscription();
    const send = (title: string, over: Partial<Push>) => push.sendPush(targetOf(subscription), message({ ...over, notice: { ...message().notice, title } }));
    subscription.goOffline();
    await send("old", {});
    await send("new", {});
    await send("other", { topic: "other" });
    await send("at once or never", { topic: null, ttlSeconds: 0 });
    await send("short", { topic: null, ttlSeconds: 10 });
    now = () => Date.now() + 60_000;
    expect(subscription.goOnline().map(({ text }) => (JSON.parse(text ?? "") as { title: string }).title)).toEqual(["new", "other"]);
  });

  test("one token serves all messages to an origin, is renewed before it ends, and is not kept when it was refused", async () => {
    const subscription = engine.newSubscription();
    const target = targetOf(subscription);
    const at = (minutes: number) => {
      const instant = new Date(Date.UTC(2031, 0, 1, 0, minutes));
      now = () => instant.getTime();
      return clock.at(instant, () => push.sendPush(target, message()));
    };
    for (const minutes of [0, 60, 600, 690, 720]) expect(await at(minutes)).toMatchObject({ ok: true });
    const tokens = subscription.accepted.map(({ token }) => token);
    expect(tokens[1]).toBe(tokens[0]);
    expect(tokens[2]).toBe(tokens[0]);
    expect(tokens[3]).not.toBe(tokens[0]);
    expect(tokens[4]).toBe(tokens[3]);
    const stranger = engine.newSubscription(vapidPair().VAPID_PUBLIC_KEY);
    const refused = await clock.at("2031-01-01T12:00:00Z", () => push.sendPush(targetOf(stranger), message()));
    expect(refused).toMatchObject({ ok: false, statusCode: 403, retryable: false });
    expect(await at(720)).toMatchObject({ ok: true });
    expect(subscription.accepted.at(-1)?.token).not.toBe(tokens[4]);
  });

  test.each([
    ["gone", 410, false, true],
    ["not-found", 404, false, true],
    ["refuse", 400, false, false],
    ["rate-limit", 429, true, false],
    ["server-error", 503, true, false],
    ["drop-before-accept", null, true, false],
  ] as const)("%s: %s, tried again %s, gone %s", async (mode, statusCode, retryable, gone) => {
    engine.control({ mode, count: 1, retryAfterSeconds: 7 });
    const answer = await push.sendPush(targetOf(engine.newSubscription()), message());
    expect(answer).toMatchObject({ ok: false, statusCode, retryable });
    expect(push.isGone(answer)).toBe(gone);
    expect(answer.retryAfterSeconds).toBe(statusCode === 429 || statusCode === 503 ? 7 : null);
  });

  test("an address that may not be called, and keys that are none, are refused for good and harm nobody else", async () => {
    const target = targetOf(engine.newSubscription());
    expect(await push.sendPush({ ...target, endpoint: "https://169.254.169.254/latest" }, message())).toMatchObject({ ok: false, retryable: false, statusCode: null });
    expect(await push.sendPush({ ...target, p256dh: "AAAA" }, message())).toMatchObject({ ok: false, retryable: false });
  });
});

describe("to a phone", () => {
  test("title, words, badge, lifetime and collapse key, with one access token for many", async () => {
    const { firebase } = engine;
    const before = firebase.tokensGiven;
    const sent = await Promise.all(["a", "b", "c"].map((token) => push.sendPush({ kind: "fcm", token }, message())));
    expect(sent.map(({ providerId }) => providerId)).toEqual([1, 2, 3].map(() => expect.stringMatching(/^projects\/.+\/messages\//) as string));
    expect(firebase.tokensGiven).toBe(before + 1);
    expect(firebase.messages.at(-1)).toMatchObject({
      message: {
        notification: { title: "Plan", body: "회의 · ☕" },
        data: { url: "/here/meetings/1", receiverId: "rcv_1", unread: "3", version: "9" },
        android: { ttl: "600s", priority: "HIGH", collapse_key: "abc-DEF_123" },
        apns: { headers: { "apns-collapse-id": "abc-DEF_123", "apns-priority": "10" }, payload: { aps: { badge: 3 } } },
      },
    });
  });

  test("a token that Google withdrew is fetched anew, once", async () => {
    engine.firebase.withdrawTokens();
    expect(await push.sendPush({ kind: "fcm", token: "a" }, message())).toMatchObject({ ok: true });
  });

  test("an app that was removed is gone", async () => {
    engine.firebase.unregister("removed");
    const answer = await push.sendPush({ kind: "fcm", token: "removed" }, message());
    expect(answer).toMatchObject({ ok: false, statusCode: 404, retryable: false, answer: expect.stringContaining("UNREGISTERED") });
    expect(push.isGone(answer)).toBe(true);
  });

  test("too many requests are tried again", async () => {
    engine.control({ mode: "rate-limit", count: 1, retryAfterSeconds: 3 });
    expect(await push.sendPush({ kind: "fcm", token: "a" }, message())).toMatchObject({ ok: false, statusCode: 429, retryable: true, retryAfterSeconds: 3 });
  });
});
