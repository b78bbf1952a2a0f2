import { Resend } from "resend";
import { describe, expect, it } from "vitest";
import { apiKey, hello, mailUnderTest } from "./testing";

describe("the resend SDK against the engine", () => {
  it("sends a mail and finds everything it said again", async () => {
    const { resend, messages } = await mailUnderTest();
    const sent = await resend.emails.send({
      ...hello,
      to: ["Mina Kim <mina@example.com>", "jo@example.com"],
      cc: "cc@example.com",
      bcc: ["bcc@example.com"],
      replyTo: "reply@example.com",
      text: "Hello Mina",
      headers: { "X-Entity-Ref-ID": "42" },
      tags: [{ name: "category", value: "invitation" }],
      attachments: [{ filename: "a.txt", content: Buffer.from("attached") }],
    });
    expect(sent.error).toBeNull();
    const id = sent.data?.id ?? "";
    const got = await resend.emails.get(id);
    expect(got.data).toMatchObject({
      object: "email",
      id,
      from: hello.from,
      to: ["Mina Kim <mina@example.com>", "jo@example.com"],
      cc: ["cc@example.com"],
      bcc: ["bcc@example.com"],
      reply_to: ["reply@example.com"],
      subject: "Hello",
      html: hello.html,
      text: "Hello Mina",
      last_event: "delivered",
      scheduled_at: null,
      tags: [{ name: "category", value: "invitation" }],
    });
    const [message] = await messages("?to=jo@example.com");
    expect(message).toMatchObject({
      id,
      headers: { "X-Entity-Ref-ID": "42" },
      calendar: null,
      attachments: [{ filename: "a.txt", contentType: "text/plain", content: Buffer.from("attached").toString("base64") }],
    });
  });

  it("lists newest first, by cursor in both directions", async () => {
    const { resend } = await mailUnderTest();
    const ids: string[] = [];
    for (const subject of ["1", "2", "3", "4", "5"]) {
      ids.unshift((await resend.emails.send({ ...hello, subject })).data?.id ?? "");
    }
    const first = await resend.emails.list({ limit: 2 });
    expect(first.data?.has_more).toBe(true);
    expect(first.data?.data.map(({ id }) => id)).toEqual(ids.slice(0, 2));
    const rest = await resend.emails.list({ after: ids[1] ?? "" });
    expect(rest.data?.has_more).toBe(false);
    expect(rest.data?.data.map(({ id }) => id)).toEqual(ids.slice(2));
    const back = await resend.emails.list({ limit: 2, before: ids[3] ?? "" });
    expect(back.data?.data.map(({ id }) => id)).toEqual(ids.slice(1, 3));
    expect((await resend.emails.list({ limit: 101 })).error).toMatchObject({ name: "validation_error", statusCode: 422 });
  });

  it("keeps a whole batch or, unless asked to be permissive, nothing of it", async () => {
    const { resend, messages } = await mailUnderTest();
    const good = { ...hello, subject: "good" };
    const bad = { ...hello, to: "nobody" };
    const strict = await resend.batch.send([good, bad]);
    expect(strict.error).toMatchObject({ statusCode: 422, name: "validation_error" });
    expect(await messages()).toEqual([]);
    const permissive = await resend.batch.send([good, bad, good], { batchValidation: "permissive" });
    expect(permissive.data?.data).toHaveLength(2);
    expect(permissive.data).toMatchObject({ errors: [{ index: 1, message: expect.stringContaining("Invalid `to` field") }] });
    expect(await messages()).toHaveLength(2);
    const tooMany = await resend.batch.send(Array.from({ length: 101 }, () => good));
    expect(tooMany.error).toMatchObject({ statusCode: 422 });
    const full = await resend.batch.send(Array.from({ length: 100 }, (_, index) => ({ ...good, subject: String(index) })));
    expect(full.data?.data).toHaveLength(100);
    const [last] = await messages("?limit=1");
    expect(last).toMatchObject({ id: full.data?.data[99]?.id, subject: "99" });
  });

  it("lists the attachments of a sent mail and serves their content", async () => {
    const { resend } = await mailUnderTest();
    const sent = await resend.emails.send({
      ...hello,
      attachments: [
        { filename: "logo.png", content: Buffer.from([1, 2, 3]), contentId: "logo" },
        { filename: "한글.pdf", content: Buffer.from("pdf"), contentType: "application/pdf" },
      ],
    });
    const emailId = sent.data?.id ?? "";
    const list = await resend.emails.attachments.list({ emailId });
    expect(list.data?.data).toMatchObject([
      { filename: "logo.png", size: 3, content_type: "image/png", content_disposition: "inline", content_id: "logo" },
      { filename: "한글.pdf", size: 3, content_type: "application/pdf", content_disposition: "attachment" },
    ]);
    const one = await resend.emails.attachments.get({ emailId, id: list.data?.data[1]?.id ?? "" });
    const download = await fetch(one.data?.download_url ?? "");
    expect(download.headers.get("content-disposition")).toBe("attachment; filename*=UTF-8''%ED%95%9C%EA%B8%80.pdf");
    expect(await download.text()).toBe("pdf");
    expect((await resend.emails.attachments.get({ emailId, id: "no" })).error).toMatchObject({ statusCode: 404 });
  });

  it("shares a mail by a link that shows it, and refuses an altered one", async () => {
    const { resend } = await mailUnderTest();
    const sent = await resend.emails.send(hello);
    const shared = await resend.emails.share(sent.data?.id ?? "", { expiresIn: "2 hours" });
    const url = shared.data?.url ?? "";
    expect(await (await fetch(url)).text()).toContain("Hello <b>Mina</b>");
    expect((await fetch(url.slice(0, -2))).status).toBe(410);
    expect((await resend.emails.share(sent.data?.id ?? "", { expiresIn: "3 days" })).error).toMatchObject({ statusCode: 422 });
  });

  it("refuses a missing and a wrong key", async () => {
    const { engine, resend } = await mailUnderTest();
    const stranger = new Resend("re_other", { baseUrl: engine.url });
    expect((await stranger.emails.send(hello)).error).toMatchObject({ message: "API key is invalid", statusCode: 400 });
    const keyless = await fetch(`${engine.url}/emails`, { method: "POST", body: "{}" });
    expect(keyless.status).toBe(401);
    expect(await keyless.json()).toMatchObject({ name: "missing_api_key" });
    expect((await resend.emails.send(hello)).error).toBeNull();
  });

  it("says so when it is asked for something it does not have", async () => {
    const { resend } = await mailUnderTest();
    const asked = await Promise.all([
      resend.domains.list(),
      resend.contacts.list(),
      resend.templates.list(),
      resend.emails.receiving.list(),
      resend.emails.metrics(),
      resend.emails.send({ ...hello, topicId: "t" }),
      resend.emails.send({ from: hello.from, to: hello.to, subject: "x", template: { id: "t" } }),
    ]);
    for (const { error } of asked) expect(error).toMatchObject({ statusCode: 501, name: "not_implemented" });
    expect(asked[0]?.error?.message).toContain("GET /domains");
  });

  it("answers with the limits of the current second, and 429 beyond them", async () => {
    const { engine } = await mailUnderTest({ requestsPerSecond: 2, now: () => 1_000 });
    const resend = new Resend(apiKey, { baseUrl: engine.url });
    const first = await resend.emails.list();
    expect(first.headers).toMatchObject({ "ratelimit-limit": "2", "ratelimit-remaining": "1", "ratelimit-reset": "1" });
    await resend.emails.list();
    const third = await resend.emails.list();
    expect(third.error).toMatchObject({ name: "rate_limit_exceeded", statusCode: 429 });
    expect(third.headers).toMatchObject({ "retry-after": "1" });
  });
});
