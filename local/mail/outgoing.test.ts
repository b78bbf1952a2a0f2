import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { addressOf } from "./addresses";
import { scheduledInstant } from "./schedule-time";
import { apiKey, hello, mailUnderTest } from "./testing";

async function post(url: string, body: unknown): Promise<{ status: number; body: unknown }> {
  const response = await fetch(`${url}/emails`, {
    method: "POST",
    headers: { authorization: `Bearer ${apiKey}` },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
  return { status: response.status, body: await response.json() };
}

const addressMessage = (field: string): string =>
  `Invalid \`${field}\` field. The email address needs to follow the \`email@example.com\` or \`Name <email@example.com>\` format.`;

describe("what may be sent", () => {
  it.each([
    [{ ...hello, from: undefined }, "missing_required_field", "Missing `from` field."],
    [{ ...hello, to: [] }, "missing_required_field", "Missing `to` field."],
    [{ ...hello, subject: "" }, "missing_required_field", "Missing `subject` field."],
    [{ ...hello, html: undefined }, "validation_error", "Missing `html` or `text` field."],
    [{ ...hello, from: "Moim" }, "validation_error", addressMessage("from")],
    [{ ...hello, to: ["ok@example.com", "not an address"] }, "validation_error", addressMessage("to")],
    [{ ...hello, cc: "x@y" }, "validation_error", addressMessage("cc")],
    [{ ...hello, reply_to: "a@example.com\r\nBcc: b@example.com" }, "validation_error", addressMessage("reply_to")],
    [{ ...hello, to: Array.from({ length: 51 }, (_, i) => `p${i}@example.com`) }, "validation_error", expect.stringContaining("50")],
    [{ ...hello, tags: [{ name: "a b", value: "c" }] }, "validation_error", expect.stringContaining("Tags should only contain")],
    [{ ...hello, headers: { "X-A": "1\r\nBcc: b@example.com" } }, "validation_error", expect.stringContaining("headers")],
    [{ ...hello, attachments: [{ filename: "a.txt" }] }, "invalid_attachment", "Attachment must have either a `content` or `path`."],
    [{ ...hello, attachments: [{ filename: "a.ics", content: "BEGIN:VCALENDAR" }] }, "invalid_attachment", expect.stringContaining("Base64")],
    [{ ...hello, attachments: [{ path: "/etc/passwd" }] }, "invalid_attachment", expect.stringContaining("http")],
    [{ ...hello, scheduled_at: "Friday at 3pm ET" }, "validation_error", expect.stringContaining("scheduled_at")],
    [{ ...hello, scheduled_at: "in 31 days" }, "validation_error", expect.stringContaining("30 days")],
    [{ ...hello, subject: 7 }, "validation_error", expect.stringContaining("`subject`")],
    [[hello], "validation_error", expect.stringContaining("object")],
  ])("refuses %j", async (email, name, message) => {
    const { engine, messages } = await mailUnderTest();
    expect(await post(engine.url, email)).toEqual({ status: 422, body: { statusCode: 422, name, message } });
    expect(await messages()).toEqual([]);
  });

  it("refuses what is no JSON, more than 40MB, and far more without reading it all", async () => {
    const { engine } = await mailUnderTest();
    expect(await post(engine.url, "{")).toMatchObject({ status: 400, body: { name: "validation_error" } });
    const large = { ...hello, attachments: [{ filename: "a", content: "A".repeat(41 * 1024 * 1024) }] };
    expect(await post(engine.url, large)).toMatchObject({ status: 422, body: { message: expect.stringContaining("40MB") } });
  });

  it("takes attachments as base64, as bytes and from an address", async () => {
    const files = createServer((_, response) => response.end("remote"));
    await new Promise<void>((resolve) => files.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void files.close());
    const { engine, messages } = await mailUnderTest();
    const path = `http://127.0.0.1:${(files.address() as AddressInfo).port}/folder/report.pdf?x=1`;
    const attachments = [
      { filename: "a.txt", content: "aGk=" },
      { filename: "b.txt", content: [104, 105] },
      { filename: "c.txt", content: { type: "Buffer", data: [104, 105] } },
      { path },
    ];
    expect((await post(engine.url, { ...hello, attachments })).status).toBe(200);
    const [message] = await messages();
    expect(message?.attachments.map(({ filename, contentType, content }) => [filename, contentType, atob(content)])).toEqual([
      ["a.txt", "text/plain", "hi"],
      ["b.txt", "text/plain", "hi"],
      ["c.txt", "text/plain", "hi"],
      ["report.pdf", "application/pdf", "remote"],
    ]);
  });
});

describe("addresses", () => {
  it.each([
    ["a@example.com", "a@example.com"],
    ["Mina Kim <mina.kim+x@sub.example.co.kr>", "mina.kim+x@sub.example.co.kr"],
    ['"Kim, Mina" <mina@example.com>', "mina@example.com"],
    ["김민아 <mina@한글.example>", "mina@한글.example"],
  ])("reads %s", (text, address) => expect(addressOf(text)).toBe(address));

  it.each(["", "a", "a@b", "a b@example.com", "Kim, Mina <mina@example.com>", "a@example.com, b@example.com", "A <a@example.com> x"])(
    "does not take %j",
    (text) => expect(addressOf(text)).toBeNull(),
  );
});

describe("the instant of scheduled_at", () => {
  const now = Date.parse("2026-01-01T00:00:00Z");
  it.each([
    ["in 1 min", "2026-01-01T00:01:00.000Z"],
    ["in an hour", "2026-01-01T01:00:00.000Z"],
    ["in 2 days", "2026-01-03T00:00:00.000Z"],
    ["2026-01-02T03:04:05.678+09:00", "2026-01-01T18:04:05.678Z"],
    ["2026-01-02T03:04:05", "2026-01-02T03:04:05.000Z"],
    ["2025-12-31T00:00:00Z", "2025-12-31T00:00:00.000Z"],
  ])("reads %s", (text, instant) => expect(new Date(scheduledInstant(text, now)).toISOString()).toBe(instant));
});
