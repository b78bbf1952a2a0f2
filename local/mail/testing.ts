import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Resend } from "resend";
import { onTestFinished } from "vitest";
import { startMail, type MailEngine, type MailOptions } from "./server";

export const apiKey = "re_test_key";

export interface StoredMessage {
  id: string;
  from: string;
  to: string[];
  cc: string[];
  bcc: string[];
  subject: string;
  html: string | null;
  text: string | null;
  headers: Record<string, string>;
  tags: { name: string; value: string }[];
  attachments: { id: string; filename: string; contentType: string; contentId: string | null; content: string }[];
  calendar: string | null;
  idempotencyKey: string | null;
  createdAt: string;
  scheduledAt: string | null;
  lastEvent: string;
}

export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "mail-test-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** An engine and a client of it, both gone when the test ends. */
export async function mailUnderTest(options: Partial<MailOptions> = {}): Promise<{
  engine: MailEngine;
  resend: Resend;
  dataDir: string;
  messages: (query?: string) => Promise<StoredMessage[]>;
  control: (rule: unknown) => Promise<Response>;
}> {
  const dataDir = options.dataDir ?? (await temporaryFolder());
  const engine = await startMail({ port: 0, apiKey, ...options, dataDir });
  onTestFinished(() => engine.close().catch(() => undefined));
  return {
    engine,
    dataDir,
    resend: new Resend(apiKey, { baseUrl: engine.url }),
    messages: async (query = "") => (await (await fetch(`${engine.url}/messages${query}`)).json()) as StoredMessage[],
    control: (rule) => fetch(`${engine.url}/control`, { method: "POST", body: JSON.stringify(rule) }),
  };
}

export const hello = {
  from: "Moim <hello@moim.test>",
  to: "mina@example.com",
  subject: "Hello",
  html: "<p>Hello <b>Mina</b></p>",
};
