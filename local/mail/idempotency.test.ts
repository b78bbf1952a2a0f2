import { describe, expect, it } from "vitest";
import { hello, mailUnderTest } from "./testing";

describe("idempotency keys", () => {
  it("gives the first answer again and keeps one mail", async () => {
    const { resend, messages } = await mailUnderTest();
    const first = await resend.emails.send(hello, { idempotencyKey: "invite/1" });
    const second = await resend.emails.send(hello, { idempotencyKey: "invite/1" });
    expect(second.data?.id).toBe(first.data?.id);
    expect(await messages()).toMatchObject([{ id: first.data?.id, idempotencyKey: "invite/1" }]);
  });

  it("refuses the same key with another body", async () => {
    const { resend, messages } = await mailUnderTest();
    await resend.emails.send(hello, { idempotencyKey: "invite/1" });
    const other = await resend.emails.send({ ...hello, subject: "Other" }, { idempotencyKey: "invite/1" });
    expect(other.error).toMatchObject({ statusCode: 409, name: "invalid_idempotent_request" });
    expect(await messages()).toHaveLength(1);
  });

  it("refuses a request while the first with its key is at work", async () => {
    const { resend, control } = await mailUnderTest();
    await control({ mode: "slow", delayMs: 300 });
    const [first, second] = await Promise.all([
      resend.emails.send(hello, { idempotencyKey: "k" }),
      resend.emails.send(hello, { idempotencyKey: "k" }),
    ]);
    expect([first.error?.name, second.error?.name].filter(Boolean)).toEqual(["concurrent_idempotent_requests"]);
  });

  it("frees the key of a request that was refused", async () => {
    const { resend } = await mailUnderTest();
    expect((await resend.emails.send({ ...hello, to: "no" }, { idempotencyKey: "k" })).error).not.toBeNull();
    expect((await resend.emails.send(hello, { idempotencyKey: "k" })).error).toBeNull();
  });

  it("covers a batch as one, apart from single sends", async () => {
    const { resend, messages } = await mailUnderTest();
    const batch = [hello, { ...hello, subject: "Two" }];
    const first = await resend.batch.send(batch, { idempotencyKey: "k" });
    const second = await resend.batch.send(batch, { idempotencyKey: "k" });
    expect(second.data).toEqual(first.data);
    expect((await resend.emails.send(hello, { idempotencyKey: "k" })).error).toBeNull();
    expect(await messages()).toHaveLength(3);
  });

  it("is forgotten after 24 hours", async () => {
    let now = Date.now();
    const { resend, messages } = await mailUnderTest({ now: () => now });
    await resend.emails.send(hello, { idempotencyKey: "k" });
    now += 24 * 3_600_000 - 1;
    await resend.emails.send(hello, { idempotencyKey: "k" });
    expect(await messages()).toHaveLength(1);
    now += 1;
    await resend.emails.send(hello, { idempotencyKey: "k" });
    expect(await messages()).toHaveLength(2);
  });

  it("takes keys of 1 to 256 characters", async () => {
    const { resend } = await mailUnderTest();
    expect((await resend.emails.send(hello, { idempotencyKey: "k".repeat(256) })).error).toBeNull();
    expect((await resend.emails.send(hello, { idempotencyKey: "k".repeat(257) })).error).toMatchObject({
      statusCode: 400,
      name: "invalid_idempotency_key",
    });
  });

  it("survives a restart, also when the mailbox was cleared and its segment dropped", async () => {
    const first = await mailUnderTest();
    const sent = await first.resend.emails.send(hello, { idempotencyKey: "k" });
    await fetch(`${first.engine.url}/messages`, { method: "DELETE" });
    await first.engine.close();
    const second = await mailUnderTest({ dataDir: first.dataDir });
    const again = await second.resend.emails.send(hello, { idempotencyKey: "k" });
    expect(again.data?.id).toBe(sent.data?.id);
    expect(await second.messages()).toEqual([]);
    await fetch(`${second.engine.url}/messages?keys=true`, { method: "DELETE" });
    expect((await second.resend.emails.send(hello, { idempotencyKey: "k" })).data?.id).not.toBe(sent.data?.id);
  });
});
