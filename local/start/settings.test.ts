import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { checkNode } from "./check-node.mjs";
import { choosePorts } from "./chosen-ports.mjs";
import { anyFreePort } from "./ports.mjs";
import { worthTelling } from "./said.mjs";
import { loadSecrets, vapidPublicKey } from "./secrets.mjs";
import { appEnv, chooseEngines, chooseHost, pageOrigins } from "./settings.mjs";

describe("the engines", () => {
  test("all run here unless something is configured", () => {
    expect(chooseEngines({})).toEqual({ postgres: true, inngest: true, pusher: true, mail: true, atlassian: true, storage: true });
  });

  test("that are hosted are not started", () => {
    const env = { DATABASE_URL: "postgres://x", RESEND_API_KEY: "re_1", INNGEST_EVENT_KEY: "e", INNGEST_SIGNING_KEY: "s", JIRA_CLIENT_ID: "c", JIRA_CLIENT_SECRET: "s", S3_BUCKET: "b", S3_ACCESS_KEY_ID: "k", S3_SECRET_ACCESS_KEY: "s" };
    expect(chooseEngines(env)).toEqual({ postgres: false, inngest: false, pusher: true, mail: false, atlassian: false, storage: false });
  });

  test("half a configuration is refused by name", () => {
    expect(() => chooseEngines({ PUSHER_KEY: "k", PUSHER_APP_ID: "1" })).toThrow("missing: PUSHER_SECRET");
    expect(() => chooseEngines({ JIRA_CLIENT_ID: "c" })).toThrow("missing: JIRA_CLIENT_SECRET");
    expect(() => chooseEngines({ S3_BUCKET: "b" })).toThrow("missing: S3_ACCESS_KEY_ID, S3_SECRET_ACCESS_KEY");
  });

  test("pages of this machine come from both of its names, others from their own", () => {
    expect(pageOrigins("http://localhost:3000")).toEqual(["http://localhost:3000", "http://127.0.0.1:3000"]);
    expect(pageOrigins("https://moim.example/")).toEqual(["https://moim.example"]);
  });

  test("a shell's own HOST, the machine's name, does not open the app to the network", () => {
    expect(chooseHost({ HOST: "x86_64-conda-linux-gnu" })).toBe("127.0.0.1");
    expect(chooseHost({ HOST: "0.0.0.0" })).toBe("0.0.0.0");
  });
});

describe("what an instance keeps", () => {
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "moim-settings-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test("its secrets, readable by its owner only", () => {
    const first = loadSecrets(folder);
    expect(loadSecrets(folder)).toEqual(first);
    expect(statSync(join(folder, "secrets.json")).mode & 0o777).toBe(0o600);
    expect(first.PUSHER_APP_ID).toMatch(/^\d+$/);
    expect(first.RESEND_WEBHOOK_SECRET).toMatch(/^whsec_[A-Za-z0-9+/]{32,}={0,2}$/);
    expect(Buffer.from(first.ENCRYPTION_KEYS.replace(/^k1:/, ""), "base64")).toHaveLength(32);
  });

  test("its pair of keys for push, unless one is configured; half of one is refused", () => {
    const secrets = loadSecrets(folder);
    const engines = { postgres: true, inngest: true, pusher: true, mail: true, atlassian: true, storage: true };
    const ports = { app: 1, postgres: 2, inngest: 3, pusher: 4, mail: 5, atlassian: 6, storage: 7 };
    const envOf = (env: Record<string, string>) => appEnv({ env, engines, secrets, ports, host: "127.0.0.1", databaseUrl: "postgres://x", dataDir: folder, dev: false });
    const made = envOf({});
    expect(Buffer.from(made.VAPID_PRIVATE_KEY ?? "", "base64url")).toHaveLength(32);
    expect(Buffer.from(made.VAPID_PUBLIC_KEY ?? "", "base64url")).toHaveLength(65);
    expect(made.VAPID_PUBLIC_KEY).toBe(vapidPublicKey(loadSecrets(folder).VAPID_PRIVATE_KEY));
    expect(envOf({ VAPID_PUBLIC_KEY: "mine", VAPID_PRIVATE_KEY: "own" })).toMatchObject({ VAPID_PUBLIC_KEY: "mine", VAPID_PRIVATE_KEY: "own" });
    expect(made).toMatchObject({ ATLASSIAN_AUTH_URL: "http://127.0.0.1:6", ATLASSIAN_API_URL: "http://127.0.0.1:6", JIRA_CLIENT_SECRET: secrets.JIRA_CLIENT_SECRET });
    expect(made).toMatchObject({ S3_ENDPOINT: "http://127.0.0.1:7", S3_ACCESS_KEY_ID: secrets.S3_ACCESS_KEY_ID, S3_SECRET_ACCESS_KEY: secrets.S3_SECRET_ACCESS_KEY, S3_PATH_STYLE: "true" });
    expect(envOf({ S3_PUBLIC_ENDPOINT: "https://files.example" })).toMatchObject({ S3_ENDPOINT: "http://127.0.0.1:7", S3_PUBLIC_ENDPOINT: "https://files.example" });
    expect(() => envOf({ VAPID_PUBLIC_KEY: "mine" })).toThrow("missing: VAPID_PRIVATE_KEY");
  });

  test("a secret that a newer version asks for joins those that are there", () => {
    writeFileSync(join(folder, "secrets.json"), JSON.stringify({ LINK_SECRET: "kept" }));
    expect(loadSecrets(folder)).toMatchObject({ LINK_SECRET: "kept", NEXTAUTH_SECRET: expect.stringMatching(/.{40}/) as string });
    expect(JSON.parse(readFileSync(join(folder, "secrets.json"), "utf8"))).toHaveProperty("RESEND_API_KEY");
  });

  test("its ports: one that is taken moves up, is told, and stays moved", async () => {
    const squatter = createServer().listen(0, "127.0.0.1");
    await once(squatter, "listening");
    const address = squatter.address();
    const taken = address && typeof address === "object" ? address.port : 0;
    const said: string[] = [];
    const hosted = { postgres: false, inngest: false, pusher: false, mail: false, atlassian: false, storage: false };
    const options = { dataDir: folder, env: { PORT: String(taken) }, engines: hosted, adopted: {}, say: (line: string) => said.push(line) };
    const { app } = await choosePorts(options);
    expect(app).toBeGreaterThan(taken);
    expect(said).toEqual([`  ! port ${taken} is taken; app moves to ${app}`]);
    squatter.close();
    await once(squatter, "close");
    expect((await choosePorts({ ...options, env: {} })).app).toBe(app);
  });

  test("two parts never get one port", async () => {
    const port = await anyFreePort();
    writeFileSync(join(folder, "ports.json"), JSON.stringify({ app: port, mail: port, pusher: port }));
    const engines = { postgres: false, inngest: false, pusher: true, mail: true, atlassian: false, storage: false };
    const { app, mail, pusher } = await choosePorts({ dataDir: folder, env: {}, engines, adopted: {}, say: () => undefined });
    expect(new Set([app, mail, pusher]).size).toBe(3);
  });
});

test("Node that is too old is named, and newer ones are welcome", () => {
  expect(() => checkNode("20.18.3")).toThrow(/20\.19 or later; this is 20\.18\.3/);
  expect(() => checkNode("18.20.0")).toThrow();
  for (const version of ["20.19.0", "20.20.2", "22.0.0", "24.1.0"]) checkNode(version);
});

test("the terminal hears errors, not the daily log", () => {
  expect(worthTelling('{"level":30,"msg":"request"}', "stdout")).toBeNull();
  expect(worthTelling('{"level":50,"msg":"send failed","err":{"message":"refused"}}', "stdout")).toBe("send failed: refused");
  expect(worthTelling('{"level":"error","message":"cannot listen"}', "stderr")).toBe("cannot listen");
  expect(worthTelling("✓ Ready in 300ms", "stdout")).toBeNull();
  expect(worthTelling("TypeError: x is not a function", "stderr")).toBe("TypeError: x is not a function");
});
