import { request } from "node:http";
import { describe, expect, it } from "vitest";
import { hello, mailUnderTest } from "./testing";

/** fetch forbids choosing these headers, and they are what the guard looks at. */
const ask = (url: string, method: string, headers: Record<string, string>): Promise<number> =>
  new Promise((resolve, reject) => {
    request(url, { method, headers }, (response) => resolve(response.resume().statusCode ?? 0)).once("error", reject).end();
  });

describe("the page", () => {
  it("answers with its parts and strict headers", async () => {
    const { engine } = await mailUnderTest();
    const page = await fetch(engine.url);
    const html = await page.text();
    expect(page.headers.get("content-security-policy")).toContain("default-src 'none'");
    expect(page.headers.get("content-security-policy")).not.toContain("unsafe");
    expect(page.headers.get("x-content-type-options")).toBe("nosniff");
    const parts = [...html.matchAll(/(?:href|src)="(\/page\/[^"]+)"/g)].flatMap((match) => match[1] ?? []);
    expect(parts.length).toBeGreaterThan(2);
    for (const part of [...parts, "/page/message.js", "/page/control.js", "/page/dom.js"]) {
      expect((await fetch(engine.url + part)).status).toBe(200);
    }
    expect((await fetch(`${engine.url}/page/../server.ts`)).status).toBe(404);
  });

  it("shows the HTML of a mail without scripts, in an origin of its own, with links that open outside", async () => {
    const { engine, resend } = await mailUnderTest();
    const html = '<html><head><title>x</title></head><body><script>alert(1)</script><img src="cid:logo"></body></html>';
    const attachments = [{ filename: "logo.png", content: Buffer.from([1, 2, 3]), contentId: "logo" }];
    const sent = await resend.emails.send({ ...hello, html, attachments });
    const shown = await fetch(`${engine.url}/messages/${sent.data?.id}/html`);
    const policy = shown.headers.get("content-security-policy") ?? "";
    expect(policy).toMatch(/^sandbox /);
    expect(policy).not.toMatch(/allow-scripts|allow-same-origin|script-src/);
    const text = await shown.text();
    expect(text).toContain('<head><meta charset="utf-8"><base target="_blank">');
    expect(text).toContain("data:image/png;base64,AQID");
  });

  it("never shows an attachment in place", async () => {
    const { engine, resend, messages } = await mailUnderTest();
    await resend.emails.send({ ...hello, attachments: [{ filename: "a.html", content: Buffer.from("<script>1</script>") }] });
    const [message] = await messages();
    const file = await fetch(`${engine.url}/messages/${message?.id}/attachments/${message?.attachments[0]?.id}`);
    expect(file.headers.get("content-disposition")).toMatch(/^attachment;/);
    expect(file.headers.get("content-security-policy")).toContain("sandbox");
  });

  it("answers loopback names only, and changes nothing for other origins", async () => {
    const { engine } = await mailUnderTest();
    const own = new URL(engine.url).host;
    expect(await ask(`${engine.url}/messages`, "GET", { host: "rebound.example.com" })).toBe(403);
    expect(await ask(`${engine.url}/messages`, "GET", { host: `localhost:${engine.port}` })).toBe(200);
    expect(await ask(`${engine.url}/messages`, "DELETE", { origin: "https://evil.example.com" })).toBe(403);
    expect(await ask(`${engine.url}/control`, "POST", { origin: "null" })).toBe(403);
    expect(await ask(`${engine.url}/messages`, "DELETE", { origin: `http://${own}` })).toBe(200);
  });

  it("tells open pages when something arrives", async () => {
    const { engine, resend } = await mailUnderTest();
    const leaving = new AbortController();
    const live = await fetch(`${engine.url}/live`, { signal: leaving.signal });
    const reader = live.body?.pipeThrough(new TextDecoderStream()).getReader();
    await reader?.read();
    await resend.emails.send(hello);
    expect((await reader?.read())?.value).toContain("event: changed");
    leaving.abort();
  });
});

describe("the mailbox as JSON", () => {
  it("finds by recipient, subject and instant, newest first, a page at a time", async () => {
    let now = Date.parse("2026-01-01T00:00:00Z");
    const { engine, resend, messages } = await mailUnderTest({ now: () => now });
    for (const [to, subject] of [["a@example.com", "One"], ["ba@example.com", "Two"], ["c@example.com", "Three"]] as const) {
      await resend.emails.send({ ...hello, to, subject, cc: "copy@example.com" });
      now += 1_000;
    }
    const subjects = async (query: string): Promise<string[]> => (await messages(query)).map(({ subject }) => subject);
    expect(await subjects("")).toEqual(["Three", "Two", "One"]);
    expect(await subjects("?to=a@example.com")).toEqual(["One"]);
    expect(await subjects("?to=copy@example.com")).toHaveLength(3);
    expect(await subjects("?subject=tW")).toEqual(["Two"]);
    expect(await subjects("?q=c@ex")).toEqual(["Three"]);
    expect(await subjects("?since=2026-01-01T00:00:01Z")).toEqual(["Three", "Two"]);
    const page = await fetch(`${engine.url}/messages?limit=1&fields=summary`);
    expect([page.headers.get("x-total-count"), page.headers.get("x-has-more")]).toEqual(["3", "true"]);
    const [first] = (await page.json()) as { id: string }[];
    expect(await subjects(`?limit=1&after=${first?.id}`)).toEqual(["Two"]);
    expect((await fetch(`${engine.url}/messages?limit=0`)).status).toBe(422);
    expect((await fetch(`${engine.url}/messages/nothing`)).status).toBe(404);
  });
});
