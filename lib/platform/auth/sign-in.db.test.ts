import { eq } from "drizzle-orm";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { clock } from "../clock";
import { asSystem } from "../db/client";
import { useTestDatabase } from "../db/use-test-database";
import type { Mail } from "../mail";
import { answerAuth } from "./next-auth";
import { ensurePerson } from "./people";
import { sessionOfRequest, sessionOfToken } from "./session";
import { createSignInLink, signInLinkIsLive } from "./sign-in-link";
import { requestSignInLink } from "./sign-in-mail";
import { sessions, users, verificationTokens } from "./tables";
import { hashSecret } from "./token-hash";

const sent: Mail[] = [];
let answers: { ok: boolean; retryable: boolean }[] = [];

vi.mock("../mail", () => ({
  sendMail: async (mail: Mail) => {
    const { ok, retryable } = answers.shift() ?? { ok: true, retryable: false };
    if (ok) sent.push(mail);
    return { ok, statusCode: ok ? 200 : 503, providerId: null, retryable, retryAfterSeconds: null, answer: "" };
  },
}));

useTestDatabase();

beforeEach(() => {
  sent.length = 0;
  answers = [];
});

const origin = "http://localhost:3000";

/** What the confirm page's button does: a plain form of our own page. */
function press(link: string, headers: Record<string, string> = {}): Promise<Response> {
  const query = new URL(link).search;
  const request = new Request(`${origin}/api/auth/callback/email${query}`, {
    method: "POST",
    headers: { origin, "user-agent": "Mozilla/5.0 Firefox/130.0", "content-type": "application/x-www-form-urlencoded", ...headers },
    body: "",
  });
  return answerAuth(request, ["callback", "email"]);
}

function cookieOf(response: Response): string {
  const cookie = response.headers.getSetCookie().find((line) => line.startsWith("next-auth.session-token="));
  if (!cookie) throw new Error(`no session cookie; sent to ${response.headers.get("location")}`);
  return cookie;
}

const tokenOf = (response: Response) => /^next-auth\.session-token=([^;]*)/.exec(cookieOf(response))?.[1] ?? "";

describe("a sign-in link", () => {
  test("signs its person in through next-auth and leads back to where they wanted", async () => {
    const response = await press(await createSignInLink("Mina@Link.example", "/maru/inbox?tab=all"));
    expect([response.status, response.headers.get("location")]).toEqual([303, "/maru/inbox?tab=all"]);
    expect(cookieOf(response)).toMatch(/HttpOnly; SameSite=Lax/);
    expect(await sessionOfToken(tokenOf(response))).toMatchObject({ user: { email: "mina@link.example" } });
  });

  test("is used up by signing in and by nothing else", async () => {
    const link = await createSignInLink("once@link.example");
    const { searchParams } = new URL(link);
    const email = searchParams.get("email") ?? "";
    const token = searchParams.get("token") ?? "";
    expect(await signInLinkIsLive(email, token)).toBe(true);
    const followed = await answerAuth(new Request(`${origin}/api/auth/callback/email${new URL(link).search}`), ["callback", "email"]);
    expect(followed.headers.get("location")).toMatch(/^\/sign-in\/confirm\?token=/);
    expect(await signInLinkIsLive(email, token)).toBe(true);
    tokenOf(await press(link));
    expect(await signInLinkIsLive(email, token)).toBe(false);
    const again = await press(link);
    expect(again.headers.get("location")).toBe("/sign-in?error=Verification");
    expect(again.headers.getSetCookie().join()).not.toContain("session-token");
  });

  test("pressed twice at once signs in once", async () => {
    const link = await createSignInLink("double@link.example");
    const responses = await Promise.all([press(link), press(link), press(link)]);
    expect(responses.filter((response) => response.headers.getSetCookie().join().includes("session-token="))).toHaveLength(1);
  });

  test("ends after 24 hours", async () => {
    const link = await clock.at(new Date(Date.now() - 24 * 3_600_000 - 1000), () => createSignInLink("late@link.example"));
    const { searchParams } = new URL(link);
    expect(await signInLinkIsLive("late@link.example", searchParams.get("token") ?? "")).toBe(false);
    expect((await press(link)).headers.get("location")).toBe("/sign-in?error=Verification");
  });

  test.each([
    ["token", "0".repeat(64)],
    ["email", "victim@link.example"],
    ["email", ""],
  ])("with an altered %s signs nobody in", async (name, value) => {
    await ensurePerson("victim@link.example");
    const link = new URL(await createSignInLink("attacker@link.example"));
    if (value) link.searchParams.set(name, value);
    else link.searchParams.delete(name);
    const response = await press(link.href);
    expect(response.headers.get("location")).toBe("/sign-in?error=Verification");
  });

  test("never leads to another site", async () => {
    for (const elsewhere of ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"]) {
      const link = new URL(await createSignInLink("open@link.example"));
      link.searchParams.set("callbackUrl", elsewhere);
      const location = (await press(link.href)).headers.get("location") ?? "";
      // Refused outright by next-auth, or brought home.
      expect(["/", "/sign-in?error=Configuration", null, ""]).toContain(location);
    }
  });

  test("stores neither its token nor the session's in clear", async () => {
    const link = await createSignInLink("hash@link.example");
    const token = new URL(link).searchParams.get("token") ?? "";
    const [stored] = await asSystem("authentication", (tx) =>
      tx.select().from(verificationTokens).where(eq(verificationTokens.identifier, "hash@link.example")),
    );
    expect(stored?.token).toMatch(/^[0-9a-f]{64}$/);
    expect(stored?.token).not.toBe(token);
    const cookie = tokenOf(await press(link));
    const rows = await asSystem("authentication", (tx) => tx.select().from(sessions).where(eq(sessions.tokenHash, hashSecret(cookie))));
    expect(rows).toMatchObject([{ userAgent: "Mozilla/5.0 Firefox/130.0" }]);
    expect(JSON.stringify(rows)).not.toContain(cookie);
  });
});

describe("asking for a link", () => {
  const ask = (email: string, client = "203.0.113.7") => requestSignInLink(email, "/", { clientAddress: client, locale: "fr" });

  test("mails one that works, in the person's own language, whether or not they are known", async () => {
    await ensurePerson("known@ask.example", { locale: "ko" });
    await ask("known@ask.example", "203.0.113.1");
    await ask("unknown@ask.example", "203.0.113.1");
    expect(sent.map(({ to, subject }) => [to, subject])).toEqual([
      ["known@ask.example", "모임 로그인 링크"],
      ["unknown@ask.example", "Votre lien de connexion à Moim"],
    ]);
    const link = /http:\/\/localhost:3000\/sign-in\/confirm\S+/.exec(sent[1]?.text ?? "")?.[0] ?? "";
    expect(sent[1]?.html).toContain(link.replaceAll("&", "&amp;"));
    const session = await sessionOfToken(tokenOf(await press(link, { "accept-language": "fr" })));
    expect(session?.user).toMatchObject({ email: "unknown@ask.example", locale: "fr" });
  });

  test("makes nobody before the link is used", async () => {
    await ask("nobody@ask.example", "203.0.113.2");
    expect(await asSystem("authentication", (tx) => tx.select().from(users).where(eq(users.email, "nobody@ask.example")))).toEqual([]);
  });

  test("is limited per address, known or not, and per client", async () => {
    await clock.at("2026-03-01T10:00:00Z", async () => {
      for (let count = 0; count < 6; count += 1) await ask("flood@ask.example", `198.51.100.${count}`);
      await expect(ask("flood@ask.example", "198.51.100.99")).rejects.toMatchObject({ code: "TOO_MANY_REQUESTS", extra: { retryAfterSeconds: 900 } });
      for (let count = 0; count < 60; count += 1) await ask(`list${count}@ask.example`, "192.0.2.1");
      await expect(ask("list60@ask.example", "192.0.2.1")).rejects.toMatchObject({ code: "TOO_MANY_REQUESTS" });
    });
    await clock.at("2026-03-01T10:15:00Z", () => ask("flood@ask.example", "198.51.100.99"));
  });

  test("says so when mail cannot be sent, after trying again what may pass", async () => {
    answers = [{ ok: false, retryable: true }, { ok: true, retryable: false }];
    await ask("retry@ask.example", "203.0.113.3");
    expect(sent).toHaveLength(1);
    answers = [{ ok: false, retryable: false }];
    await expect(ask("broken@ask.example", "203.0.113.3")).rejects.toMatchObject({ code: "MAIL_UNAVAILABLE" });
  });

  test("works through next-auth's own endpoint, too, under the same limits", async () => {
    const post = (client: string) =>
      answerAuth(
        new Request(`${origin}/api/auth/signin/email`, {
          method: "POST",
          headers: { origin, "content-type": "application/x-www-form-urlencoded", "x-forwarded-for": client },
          body: new URLSearchParams({ email: "endpoint@ask.example", callbackUrl: "/maru" }).toString(),
        }),
        ["signin", "email"],
      );
    expect((await post("203.0.113.50")).headers.get("location")).toMatch(/^\/(api\/auth\/verify-request|sign-in\/check)/);
    const link = /http:\/\/localhost:3000\/sign-in\/confirm\S+/.exec(sent[0]?.text ?? "")?.[0] ?? "";
    expect((await press(link)).headers.get("location")).toBe("/maru");
    for (let count = 0; count < 5; count += 1) await post(`203.0.113.${60 + count}`);
    expect((await post("203.0.113.80")).headers.get("location")).toBe("/sign-in?error=TOO_MANY_REQUESTS");
  });
});

describe("a session", () => {
  const signIn = async (email: string) => tokenOf(await press(await createSignInLink(email)));

  test("is found by the cookie of a request and not by a made-up one", async () => {
    const token = await signIn("cookie@session.example");
    const request = (cookie: string) => new Request(origin, { headers: { cookie } });
    expect((await sessionOfRequest(request(`a=b; next-auth.session-token=${token}; c=d`)))?.user.email).toBe("cookie@session.example");
    expect(await sessionOfRequest(request(`next-auth.session-token=${hashSecret(token)}`))).toBeNull();
    expect(await sessionOfRequest(request("next-auth.session-token=%E0%A4%A"))).toBeNull();
  });

  test("slides while it is used, ends after 30 idle days, and after 180 days in any case", async () => {
    const start = Date.now();
    const inDays = (days: number) => new Date(start + days * 86_400_000);
    const token = await signIn("slide@session.example");
    for (let day = 29; day < 180; day += 29) expect(await clock.at(inDays(day), () => sessionOfToken(token))).not.toBeNull();
    expect(await clock.at(inDays(181), () => sessionOfToken(token))).toBeNull();
    const idle = await signIn("idle@session.example");
    expect(await clock.at(inDays(31), () => sessionOfToken(idle))).toBeNull();
  });

  test("writes when it was seen only now and then", async () => {
    const token = await signIn("seen@session.example");
    const seen = async () =>
      (await asSystem("authentication", (tx) => tx.select().from(sessions).where(eq(sessions.tokenHash, hashSecret(token)))))[0]?.lastSeenAt.getTime() ?? 0;
    const first = await seen();
    await clock.at(new Date(first + 60_000), () => sessionOfToken(token));
    expect(await seen()).toBe(first);
    await clock.at(new Date(first + 6 * 60_000), () => sessionOfToken(token));
    expect(await seen()).toBe(first + 6 * 60_000);
  });

  test("of one person is replaced, not kept, when another signs in with the same browser", async () => {
    const first = await signIn("first@session.example");
    const response = await press(await createSignInLink("second@session.example"), { cookie: `next-auth.session-token=${first}` });
    expect((await sessionOfToken(tokenOf(response)))?.user.email).toBe("second@session.example");
    expect(await sessionOfToken(first)).toBeNull();
  });

  test("ends with signing out through next-auth", async () => {
    const token = await signIn("out@session.example");
    const request = new Request(`${origin}/api/auth/signout`, { method: "POST", headers: { origin, cookie: `next-auth.session-token=${token}` }, body: "" });
    const response = await answerAuth(request, ["signout"]);
    expect(response.status).toBe(303);
    expect(await sessionOfToken(token)).toBeNull();
  });

  test("cannot be ended by a program without next-auth's own token", async () => {
    const token = await signIn("forged@session.example");
    await answerAuth(new Request(`${origin}/api/auth/signout`, { method: "POST", headers: { cookie: `next-auth.session-token=${token}` }, body: "" }), ["signout"]);
    expect(await sessionOfToken(token)).not.toBeNull();
  });
});
