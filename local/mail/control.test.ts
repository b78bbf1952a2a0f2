import { describe, expect, it } from "vitest";
import { hello, mailUnderTest } from "./testing";

describe("failures on demand", () => {
  it("answers 429 with Retry-After and keeps nothing, as often as asked", async () => {
    const { resend, control, messages } = await mailUnderTest();
    await control({ mode: "rate-limit", count: 2, retryAfterSeconds: 7 });
    for (let attempt = 0; attempt < 2; attempt += 1) {
      const refused = await resend.emails.send(hello);
      expect(refused.error).toMatchObject({ statusCode: 429, name: "rate_limit_exceeded" });
      expect(refused.headers).toMatchObject({ "retry-after": "7" });
    }
    expect((await resend.emails.send(hello)).error).toBeNull();
    expect(await messages()).toHaveLength(1);
  });

  it("answers 500, and 422 for what is not worth trying again", async () => {
    const { resend, control, messages } = await mailUnderTest();
    await control({ mode: "server-error" });
    expect((await resend.batch.send([hello])).error).toMatchObject({ statusCode: 500, name: "application_error" });
    await control({ mode: "refuse" });
    expect((await resend.emails.send(hello)).error).toMatchObject({ statusCode: 422, name: "validation_error" });
    await control({ mode: "ok" });
    expect(await messages()).toEqual([]);
  });

  it("keeps the mail and drops the answer: a retry with the same key gets the id of the one mail", async () => {
    const { resend, control, messages } = await mailUnderTest();
    await control({ mode: "drop-after-accept", count: 1 });
    const dropped = await resend.emails.send(hello, { idempotencyKey: "k" });
    expect(dropped.error).toMatchObject({ statusCode: null, name: "application_error" });
    const [kept] = await messages();
    const retried = await resend.emails.send(hello, { idempotencyKey: "k" });
    expect(retried.data?.id).toBe(kept?.id);
    expect(await messages()).toHaveLength(1);
  });

  it("drops the connection before accepting and keeps nothing", async () => {
    const { resend, control, messages } = await mailUnderTest();
    await control({ mode: "drop-before-accept", count: 1 });
    expect((await resend.emails.send(hello, { idempotencyKey: "k" })).error).toMatchObject({ statusCode: null });
    expect(await messages()).toEqual([]);
    expect((await resend.emails.send(hello, { idempotencyKey: "k" })).error).toBeNull();
  });

  it("is slow: nothing is kept before the delay has passed", async () => {
    const { resend, control, messages } = await mailUnderTest();
    await control({ mode: "slow", delayMs: 400 });
    const sending = resend.emails.send(hello);
    await control({ mode: "ok" });
    expect(await messages()).toEqual([]);
    expect((await sending).error).toBeNull();
    expect(await messages()).toHaveLength(1);
  });

  it("leaves mails to other recipients alone, and says what it has done", async () => {
    const { engine, resend, control } = await mailUnderTest();
    await control({ mode: "server-error", match: { to: "mina@example.com" } });
    expect((await resend.emails.send({ ...hello, to: "jomina@example.com" })).error).toBeNull();
    expect((await resend.emails.send({ ...hello, to: ["x@example.com", "Mina <MINA@example.com>"] })).error).not.toBeNull();
    expect(await (await fetch(`${engine.url}/control`)).json()).toMatchObject({ mode: "server-error", applied: 1 });
    expect((await control({ mode: "explode" })).status).toBe(422);
    expect((await control({ mode: "ok", unknown: 1 })).status).toBe(422);
  });
});
