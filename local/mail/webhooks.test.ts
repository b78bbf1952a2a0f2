import { randomBytes } from "node:crypto";
import { fork } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { Resend } from "resend";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { webhookEvents, type WebhookEvent } from "./message";
import { apiKey, hello, mailUnderTest, temporaryFolder } from "./testing";

const secret = `whsec_${randomBytes(32).toString("base64")}`;

interface Report {
  type: string;
  created_at: string;
  data: { email_id: string; to: string[]; tags: Record<string, string>; bounce?: { type: string } };
}
interface Received extends Report {
  id: string;
}

/** Takes reports as the application does: proven by the client that Resend publishes. `answer` may refuse them. */
async function receiver(answer: (received: Received, times: number) => number = () => 200) {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const id = String(request.headers["svix-id"]);
      const headers = { id, timestamp: String(request.headers["svix-timestamp"]), signature: String(request.headers["svix-signature"]) };
      const report = new Resend(apiKey).webhooks.verify({ payload: Buffer.concat(chunks).toString(), headers, webhookSecret: secret }) as unknown as Report;
      received.push({ ...report, id });
      response.statusCode = answer({ ...report, id }, received.filter((one) => one.id === id).length);
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const webhook = { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhook/resend`, secret, events: webhookEvents as readonly WebhookEvent[] };
  return { received, webhook };
}

describe("what became of a mail", () => {
  it("is reported in order, signed, with the tags of the mail", async () => {
    const { received, webhook } = await receiver();
    const { resend } = await mailUnderTest({ webhook });
    const { data } = await resend.emails.send({ ...hello, tags: [{ name: "delivery", value: "dlv_1" }] });
    await vi.waitFor(() => expect(received).toHaveLength(2), 5_000);
    expect(received).toMatchObject([
      { type: "email.sent", id: `msg_${data?.id}_email.sent`, data: { email_id: data?.id, to: [hello.to], tags: { delivery: "dlv_1" } } },
      { type: "email.delivered" },
    ]);
  });

  it.each([
    ["bounced", "email.bounced"],
    ["complained", "email.complained"],
    ["suppressed", "email.suppressed"],
  ])("%s@resend.dev is %s", async (name, type) => {
    const { received, webhook } = await receiver();
    const { resend } = await mailUnderTest({ webhook });
    await resend.emails.send({ ...hello, to: `${name}+x@resend.dev` });
    await vi.waitFor(() => expect(received.map((one) => one.type)).toEqual(["email.sent", type]), 5_000);
    if (type === "email.bounced") expect(received[1]?.data.bounce?.type).toBe("Permanent");
  });

  it("is reported of the kinds that were asked for only, of batches, and of scheduled mail at its time", async () => {
    const { received, webhook } = await receiver();
    const { resend } = await mailUnderTest({ webhook: { ...webhook, events: ["email.bounced"] } });
    await resend.batch.send([hello, { ...hello, to: "bounced@resend.dev" }]);
    await resend.emails.send({ ...hello, to: "bounced+later@resend.dev", scheduledAt: new Date(Date.now() + 300).toISOString() });
    await vi.waitFor(() => expect(received.map(({ data }) => data.to[0])).toEqual(["bounced@resend.dev", "bounced+later@resend.dev"]), 5_000);
  });

  it("is said again under the same id until it is taken, and then no more", async () => {
    let now = Date.now();
    const { received, webhook } = await receiver((_, times) => (times < 3 ? 500 : 200));
    const { resend, messages } = await mailUnderTest({ webhook: { ...webhook, events: ["email.delivered"] }, now: () => now });
    await resend.emails.send(hello);
    await vi.waitFor(() => expect(received).toHaveLength(1), 5_000);
    for (const count of [2, 3]) {
      now += 60_000;
      // Any change makes it look at the clock again.
      await resend.emails.send({ ...hello, subject: `nudge ${count}` });
      await vi.waitFor(() => expect(received.filter(({ id }) => id === received[0]?.id)).toHaveLength(count), 5_000);
    }
    expect(await messages()).toHaveLength(3);
  });

  it("is not held up by a mail whose report fails", async () => {
    const { received, webhook } = await receiver(({ data }) => (data.to[0] === "stuck@example.com" ? 500 : 200));
    const { resend } = await mailUnderTest({ webhook: { ...webhook, events: ["email.delivered"] } });
    await resend.emails.send({ ...hello, to: "stuck@example.com" });
    await resend.emails.send(hello);
    await vi.waitFor(() => expect(received.some(({ data }) => data.to[0] === hello.to)).toBe(true), 5_000);
  });

  it("survives a restart: what was not taken is said, what was is not", async () => {
    const away = { url: "http://127.0.0.1:9/", secret, events: webhookEvents };
    const first = await mailUnderTest({ webhook: away });
    const { data } = await first.resend.emails.send(hello);
    await first.engine.close();
    const { received, webhook } = await receiver();
    const second = await mailUnderTest({ dataDir: first.dataDir, webhook });
    await vi.waitFor(() => expect(received).toHaveLength(2), 5_000);
    await second.engine.close();
    await mailUnderTest({ dataDir: first.dataDir, webhook });
    await new Promise((resolve) => setImmediate(resolve));
    expect(received.map(({ id }) => id)).toEqual([`msg_${data?.id}_email.sent`, `msg_${data?.id}_email.delivered`]);
  });

  it("survives kill -9: every acknowledged mail is reported in the end", async () => {
    const dataDir = await temporaryFolder();
    let open = false;
    const { received, webhook } = await receiver(() => (open ? 200 : 503));
    const environment = { ...process.env, PORT: "0", MAIL_DATA: dataDir, RESEND_API_KEY: apiKey, MAIL_WEBHOOK_URL: webhook.url, MAIL_WEBHOOK_SECRET: secret, MAIL_WEBHOOK_EVENTS: "email.bounced" };
    const child = fork(join(import.meta.dirname, "main.ts"), { execArgv: ["--import", "tsx"], env: environment, silent: true });
    onTestFinished(() => void child.kill("SIGKILL"));
    const [ready] = (await once(child.stdout ?? child, "data")) as [Buffer];
    const { url } = JSON.parse(String(ready)) as { url: string };
    const resend = new Resend(apiKey, { baseUrl: url });
    const sent = await Promise.all(Array.from({ length: 20 }, (_, index) => resend.emails.send({ ...hello, to: `bounced+${index}@resend.dev` })));
    child.kill("SIGKILL");
    await once(child, "exit");
    open = true;
    received.length = 0;
    await mailUnderTest({ dataDir, webhook: { ...webhook, events: ["email.bounced"] } });
    const ids = sent.map(({ data }) => data?.id).sort();
    await vi.waitFor(() => expect([...new Set(received.map(({ data }) => data.email_id))].sort()).toEqual(ids), 10_000);
  });

  it("of mails from before there was a webhook, nothing is said", async () => {
    const first = await mailUnderTest();
    await first.resend.emails.send(hello);
    await first.engine.close();
    const { received, webhook } = await receiver();
    const second = await mailUnderTest({ dataDir: first.dataDir, webhook });
    await second.resend.emails.send({ ...hello, subject: "new" });
    await vi.waitFor(() => expect(received).toHaveLength(2), 5_000);
    expect(received.every(({ data }) => data.to[0] === hello.to)).toBe(true);
    expect(new Set(received.map(({ data }) => data.email_id)).size).toBe(1);
  });
});
