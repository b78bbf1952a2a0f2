import { request } from "node:http";
import { describe, expect, it } from "vitest";
import { atlassianUnderTest } from "../testing";

/** fetch forbids choosing these headers, and they are what the guard looks at. */
const ask = (url: string, method: string, headers: Record<string, string>): Promise<number> =>
  new Promise((resolve, reject) => {
    request(url, { method, headers }, (response) => resolve(response.resume().statusCode ?? 0)).once("error", reject).end();
  });

const post = (url: string, form: Record<string, string>, cookie = ""): Promise<Response> => fetch(url, { method: "POST", body: new URLSearchParams(form), headers: { cookie }, redirect: "manual" });

describe("the pages", () => {
  it("answer with strict headers and escape what people write", async () => {
    const { url, control } = await atlassianUnderTest();
    const { key } = await control.createIssue({ fields: { summary: '<img src=x onerror="alert(1)">', description: "<script>alert(2)</script>" } });
    for (const path of ["/", "/sites/maru", "/sites/maru/projects/MOIM", `/sites/maru/browse/${key}`, "/sites/maru/webhooks", "/deliveries", "/controls"]) {
      const answer = await fetch(url + path);
      const html = await answer.text();
      expect([path, answer.status]).toEqual([path, 200]);
      expect(answer.headers.get("content-security-policy")).toContain("default-src 'none'");
      expect(answer.headers.get("content-security-policy")).not.toContain("unsafe");
      expect(html).not.toMatch(/<img|<script>| style=/);
      for (const [, part = ""] of html.matchAll(/(?:href|src)="(\/_page\/[^"]+)"/g)) expect((await fetch(url + part)).status).toBe(200);
    }
  });

  it("act as the chosen account, without scripts", async () => {
    const { url, control } = await atlassianUnderTest();
    const cookie = (await post(`${url}/_page/as`, { account: "minjun", back: "/sites/maru" })).headers.get("set-cookie")?.split(";")[0] ?? "";
    expect(await (await fetch(`${url}/sites/maru`, { headers: { cookie } })).text()).not.toContain("People (private)");
    expect((await fetch(`${url}/sites/maru/browse/PEOPLE-1`, { headers: { cookie } })).status).toBe(422);
    const made = await post(`${url}/sites/maru/projects/OPS`, { summary: "By hand", type: "10002", priority: "3", assignee: "", labels: "x y", description: "One\n\nTwo" }, cookie);
    expect(made.status).toBe(303);
    const key = made.headers.get("location")?.split("/").at(-1) ?? "";
    await post(`${url}/sites/maru/browse/${key}`, { act: "transition", transition: "11" }, cookie);
    await post(`${url}/sites/maru/browse/${key}`, { act: "comment", body: "Done soon" }, cookie);
    expect(await control.as("ada", "maru", "GET", `issue/${key}`)).toMatchObject({ fields: { reporter: { displayName: "김민준" }, status: { name: "In Progress" }, labels: ["x", "y"], comment: { comments: [{ body: "Done soon" }] } } });
    const refused = await post(`${url}/sites/maru/projects/OPS`, { summary: "", type: "10002", priority: "3", assignee: "", labels: "kept", description: "" }, cookie);
    expect([refused.status, await refused.text()]).toEqual([422, expect.stringMatching(/You must specify a summary[^]*value="kept"/)]);
  });

  it("follow an issue that was moved, and the address of webhooks that Jira Cloud has", async () => {
    const { url, control } = await atlassianUnderTest();
    expect((await fetch(`${url}/sites/maru/plugins/servlet/webhooks`, { redirect: "manual" })).headers.get("location")).toBe("/sites/maru/webhooks");
    await control.moveIssue("MOIM-1", "OPS");
    expect((await fetch(`${url}/sites/maru/browse/MOIM-1`, { redirect: "manual" })).headers.get("location")).toBe("/sites/maru/browse/OPS-3");
  });

  it("never lead elsewhere, answer loopback names only, and change nothing for other origins", async () => {
    const { url } = await atlassianUnderTest();
    expect((await post(`${url}/_page/as`, { account: "ada", back: "//evil.example" })).headers.get("location")).toBe("/");
    const own = new URL(url);
    expect(await ask(url, "GET", { host: "rebound.example.com" })).toBe(403);
    expect(await ask(url, "GET", { host: `localhost:${own.port}` })).toBe(200);
    expect(await ask(`${url}/_control/reset`, "POST", { origin: "https://evil.example.com" })).toBe(403);
    expect(await ask(`${url}/_control/reset`, "POST", { origin: own.origin })).toBe(200);
  });

  it("hear that something changed", async () => {
    const { url, control } = await atlassianUnderTest();
    const leaving = new AbortController();
    const reader = (await fetch(`${url}/_page/live`, { signal: leaving.signal })).body?.pipeThrough(new TextDecoderStream()).getReader();
    await reader?.read();
    await control.createIssue();
    expect((await reader?.read())?.value).toContain("event: changed");
    leaving.abort();
  });
});
