import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { appendFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { expect, it, onTestFinished } from "vitest";
import { controlOf } from "./control/client";
import { Store } from "./store";
import { defaultSettings } from "./world/entities";

/** Two starts of a process on a machine that is busy with other tests. */
const startsMs = 60_000;

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "atlassian-test-"));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

/** The engine as `npm start` runs it: a process of its own that says when it is ready. */
async function start(dataDir: string): Promise<{ child: ChildProcess; url: string }> {
  const child = spawn(process.execPath, ["--import", "tsx", fileURLToPath(new URL("./main.ts", import.meta.url))], {
    env: { ...process.env, PORT: "0", ATLASSIAN_DATA: dataDir, JIRA_CLIENT_ID: "c", JIRA_CLIENT_SECRET: "s", ATLASSIAN_REDIRECT_URI: "http://localhost:3000/oauth/jira/callback", MOIM_PARENT_PID: String(process.pid) },
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const [line] = (await Promise.race([once(createInterface({ input: child.stdout }), "line"), once(child, "exit").then(() => Promise.reject(new Error("it ended")))])) as [string];
  const ready = JSON.parse(line) as { ready: boolean; url: string };
  expect(ready.ready).toBe(true);
  return { child, url: ready.url };
}

it("keeps through kill -9 what it has acknowledged: issues, grants, rotated tokens, webhooks, settings and what is still to be delivered", async () => {
  const dataDir = await folder();
  const first = await start(dataDir);
  const control = controlOf(first.url);
  await control.settings({ accessTokenSeconds: 77 });
  const hook = await control.hook({ site: "maru", url: "http://127.0.0.1:9/x", secret: "s" });
  const granted = await control.send<{ refresh_token: string }>("POST", "grants", { account: "ada", scopes: ["read:jira-work", "offline_access"] });
  const refresh = async (url: string, refresh_token: string) => {
    const answer = await fetch(`${url}/oauth/token`, { method: "POST", body: JSON.stringify({ grant_type: "refresh_token", client_id: "c", client_secret: "s", refresh_token }) });
    return { status: answer.status, token: ((await answer.json()) as { refresh_token: string }).refresh_token };
  };
  const rotated = await refresh(first.url, granted.refresh_token);
  const made = await Promise.all(Array.from({ length: 20 }, (_, index) => control.createIssue({ fields: { summary: `Number ${index}` } })));
  first.child.kill("SIGKILL");
  await once(first.child, "exit");

  const second = await start(dataDir);
  const after = controlOf(second.url);
  const { issues } = await after.as<{ issues: { key: string }[] }>("ada", "maru", "POST", "search/jql", { jql: "summary ~ Number", fields: ["key"], maxResults: 100 });
  expect(new Set(issues.map(({ key }) => key))).toEqual(new Set(made.map(({ key }) => key)));
  expect(await after.hooks()).toMatchObject([{ id: hook.id, secret: "s" }]);
  expect(await after.send("GET", "state")).toMatchObject({ settings: { accessTokenSeconds: 77 } });
  expect((await after.deliveries()).filter(({ event }) => event === "jira:issue_created")).toHaveLength(20);
  expect((await refresh(second.url, rotated.token)).status).toBe(200);
  // The one before was rotated away, and that is known still.
  await after.advance(601);
  expect((await refresh(second.url, granted.refresh_token)).status).toBe(403);
}, startsMs);

it("keeps a second engine off the same folder", async () => {
  const dataDir = await folder();
  await start(dataDir);
  await expect(start(dataDir).then(() => "started", () => "refused")).resolves.toBe("refused");
}, startsMs);

it("cuts a torn tail off, and refuses damage before it", async () => {
  const dataDir = await folder();
  const write = async (seconds: number): Promise<void> => {
    const store = await Store.open(dataDir);
    store.put("settings", { ...defaultSettings, accessTokenSeconds: seconds });
    await store.close();
  };
  const seconds = async (): Promise<number> => {
    const store = await Store.open(dataDir);
    await store.close();
    return store.settings().accessTokenSeconds;
  };
  await write(1);
  await write(2);
  const path = join(dataDir, "journal.log");
  await appendFile(path, '0badc0de [["settings","settings",{"acc');
  expect(await seconds()).toBe(2);
  await write(3);
  expect(await seconds()).toBe(3);
  const bytes = await readFile(path);
  bytes[20] = 0;
  await writeFile(path, bytes);
  await expect(Store.open(dataDir)).rejects.toThrow("is damaged at byte 0");
});

it("rewrites its journal when most of it is history, and forgets nothing by it", async () => {
  const dataDir = await folder();
  const store = await Store.open(dataDir);
  const body = "x".repeat(300_000);
  for (let count = 0; count < 80; count += 1) {
    store.put("clients", { id: "c", secret: body, name: String(count), redirectUris: [], ownerId: null });
    await store.durable();
  }
  store.put("sequences", { id: "last", value: 1 });
  await store.close();
  expect((await readFile(join(dataDir, "journal.log"))).length).toBeLessThan(20_000_000);
  const again = await Store.open(dataDir);
  expect([again.get("clients", "c")?.name, again.get("sequences", "last")?.value]).toEqual(["79", 1]);
  await again.close();
});
