import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, expect, test, vi } from "vitest";
import { startMail } from "@/local/mail/server";
import { sendMail, sendMails, type Mail } from "./mail";

const apiKey = "re_test_key";
const engine = await startMail({ port: 0, apiKey, dataDir: await mkdtemp(join(tmpdir(), "moim-mail-")) });
for (const name of ["DATABASE_URL", "PUSHER_APP_ID", "PUSHER_KEY", "PUSHER_SECRET"]) process.env[name] ??= "test";
Object.assign(process.env, { RESEND_API_KEY: apiKey, RESEND_BASE_URL: engine.url, LOG_LEVEL: "silent" });
Object.assign(process.env, { NEXTAUTH_SECRET: "a-session-secret-of-the-tests", LINK_SECRET: "a-link-secret-of-the-tests", ENCRYPTION_KEYS: "test:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=" });
afterAll(() => engine.close());

const control = (rule: object) => fetch(`${engine.url}/control`, { method: "POST", body: JSON.stringify(rule) });
const stored = async (to: string) => (await (await fetch(`${engine.url}/messages?to=${to}`)).json()) as { id: string; subject: string }[];
beforeEach(() => control({ mode: "ok" }));

const mail = (to: string, more: Partial<Mail> = {}): Mail => ({ to, subject: "Hello", html: "<p>Hello</p>", text: "Hello", ...more });

test("a batch is answered mail by mail: one that is invalid takes no other down", async () => {
  const answers = await sendMails([mail("a1@x.example"), mail("no address"), mail("a2@x.example")], "batch-1");
  expect(answers).toMatchObject([
    { ok: true, statusCode: 200 },
    { ok: false, statusCode: 422, retryable: false, answer: expect.stringContaining("Invalid `to` field") },
    { ok: true, statusCode: 200 },
  ]);
  expect([answers[0]?.providerId, answers[2]?.providerId]).toEqual([(await stored("a1@x.example"))[0]?.id, (await stored("a2@x.example"))[0]?.id]);
});

test("a batch whose answer was lost gives the same ids when it is repeated", async () => {
  const mails = [mail("b1@x.example"), mail("b2@x.example")];
  await control({ mode: "drop-after-accept", count: 1 });
  expect(await sendMails(mails, "batch-2")).toMatchObject([{ statusCode: null, retryable: true }, { statusCode: null, retryable: true }]);
  expect(await sendMails(mails, "batch-2")).toMatchObject([{ ok: true }, { ok: true }]);
  expect(await stored("b1@x.example")).toHaveLength(1);
});

test("waiting is understood in seconds", async () => {
  await control({ mode: "rate-limit", count: 1, retryAfterSeconds: 7 });
  expect(await sendMail(mail("c@x.example"), "c")).toMatchObject({ statusCode: 429, retryable: true, retryAfterSeconds: 7 });
});

test("nobody waits longer than three seconds", async () => {
  const timeout = vi.spyOn(AbortSignal, "timeout").mockReturnValue(AbortSignal.abort());
  expect(await sendMail(mail("d@x.example"), "d")).toMatchObject({ ok: false, statusCode: null, retryable: true });
  expect(await sendMails([mail("d@x.example")], "d")).toMatchObject([{ ok: false, statusCode: null, retryable: true }]);
  expect(timeout.mock.calls).toEqual([[3000], [3000]]);
});
