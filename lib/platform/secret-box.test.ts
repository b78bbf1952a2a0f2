import { randomBytes } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

const key = (id: string) => `${id}:${randomBytes(32).toString("base64")}`;
const [older, newer] = [key("k1"), key("k2")];

async function boxWith(keys: string) {
  vi.resetModules();
  for (const [name, value] of Object.entries({
    DATABASE_URL: "postgres://x",
    NEXTAUTH_SECRET: "0123456789abcdef",
    LINK_SECRET: "0123456789abcdef",
    RESEND_API_KEY: "re_x",
    PUSHER_APP_ID: "1",
    PUSHER_KEY: "k",
    PUSHER_SECRET: "s",
    ENCRYPTION_KEYS: keys,
  })) {
    vi.stubEnv(name, value);
  }
  return import("./secret-box");
}

describe("secret box", () => {
  beforeEach(() => vi.resetModules());
  afterEach(() => vi.unstubAllEnvs());

  it("gives back what was sealed, and shows nothing of it", async () => {
    const { open, seal } = await boxWith(older);
    const box = seal("비밀 secret", "credential:a");
    expect(box).not.toContain("secret");
    expect(open(box, "credential:a")).toBe("비밀 secret");
    expect(seal("비밀 secret", "credential:a")).not.toBe(box);
  });

  it("does not open in another place, nor when a byte was changed", async () => {
    const { open, seal } = await boxWith(older);
    const box = seal("secret", "credential:a");
    expect(() => open(box, "credential:b")).toThrow();
    const flipped = box.slice(0, -2) + (box.at(-2) === "A" ? "B" : "A") + box.slice(-1);
    expect(() => open(flipped, "credential:a")).toThrow();
  });

  it("does not take a shortened proof", async () => {
    const { open, seal } = await boxWith(older);
    const [version, id, iv, sealed = ""] = seal("", "credential:a").split(".");
    const short = Buffer.from(sealed, "base64url").subarray(0, 4).toString("base64url");
    expect(() => open([version, id, iv, short].join("."), "credential:a")).toThrow();
  });

  it("opens with an older key and seals with the newest", async () => {
    const box = (await boxWith(older)).seal("secret", "x");
    const { isSealedWithOldKey, open, seal } = await boxWith(`${newer},${older}`);
    expect(open(box, "x")).toBe("secret");
    expect(isSealedWithOldKey(box)).toBe(true);
    expect(isSealedWithOldKey(seal("secret", "x"))).toBe(false);
    const { open: without } = await boxWith(newer);
    expect(() => without(box, "x")).toThrow(/no key/);
  });
});
