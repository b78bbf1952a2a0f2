import { describe, expect, it, vi } from "vitest";
import { hello, mailUnderTest } from "./testing";

const soon = (ms: number): string => new Date(Date.now() + ms).toISOString();

describe("scheduled mail", () => {
  it("waits, then is delivered at its time", async () => {
    const { resend, messages } = await mailUnderTest();
    const sent = await resend.emails.send({ ...hello, scheduledAt: soon(400) });
    const id = sent.data?.id ?? "";
    expect((await resend.emails.get(id)).data).toMatchObject({ last_event: "scheduled", scheduled_at: expect.any(String) });
    await vi.waitFor(async () => expect((await messages())[0]?.lastEvent).toBe("delivered"), 5_000);
    expect((await resend.emails.cancel(id)).error).toMatchObject({ statusCode: 422 });
  });

  it("can be cancelled before its time, and never arrives then", async () => {
    const { resend, messages } = await mailUnderTest();
    const cancelled = await resend.emails.send({ ...hello, scheduledAt: soon(300) });
    const id = cancelled.data?.id ?? "";
    expect((await resend.emails.cancel(id)).data).toEqual({ object: "email", id });
    await resend.emails.send({ ...hello, subject: "later", scheduledAt: soon(400) });
    await vi.waitFor(async () => expect((await messages("?subject=later"))[0]?.lastEvent).toBe("delivered"), 5_000);
    expect((await resend.emails.get(id)).data?.last_event).toBe("canceled");
    expect((await resend.emails.cancel(id)).error).toMatchObject({ statusCode: 422 });
  });

  it("can be moved to another time", async () => {
    const { resend, messages } = await mailUnderTest();
    const sent = await resend.emails.send({ ...hello, scheduledAt: "in 1 day" });
    const id = sent.data?.id ?? "";
    expect((await resend.emails.update({ id, scheduledAt: soon(200) })).data).toEqual({ object: "email", id });
    await vi.waitFor(async () => expect((await messages())[0]?.lastEvent).toBe("delivered"), 5_000);
  });

  it("survives a restart: what became due meanwhile arrives at once, the rest at its time", async () => {
    let now = Date.now();
    const first = await mailUnderTest({ now: () => now });
    await first.resend.emails.send({ ...hello, subject: "due", scheduledAt: "in 1 hour" });
    await first.resend.emails.send({ ...hello, subject: "later", scheduledAt: "in 3 hours" });
    await first.engine.close();
    now += 2 * 3_600_000;
    const second = await mailUnderTest({ dataDir: first.dataDir, now: () => now });
    await vi.waitFor(async () => expect((await second.messages("?subject=due"))[0]?.lastEvent).toBe("delivered"), 5_000);
    expect((await second.messages("?subject=later"))[0]?.lastEvent).toBe("scheduled");
  });

  it("gives the outcomes of Resend's test addresses", async () => {
    const { resend } = await mailUnderTest();
    for (const outcome of ["delivered", "bounced", "complained", "suppressed"]) {
      const sent = await resend.emails.send({ ...hello, to: `${outcome}+label@resend.dev` });
      expect((await resend.emails.get(sent.data?.id ?? "")).data?.last_event).toBe(outcome);
    }
  });
});
