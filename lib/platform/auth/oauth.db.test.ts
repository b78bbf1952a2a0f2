import { describe, expect, test } from "vitest";
import { useTestDatabase } from "../db/use-test-database";
import { answerAuth } from "./next-auth";
import { offeredProviders } from "./offered-providers";

useTestDatabase({ GITHUB_ID: "github-id", GITHUB_SECRET: "github-secret", GOOGLE_ID: "only-half-a-configuration" });

const origin = "http://localhost:3000";

function begin(provider: string, headers: Record<string, string>): Promise<Response> {
  const request = new Request(`${origin}/api/auth/signin/${provider}`, {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded", ...headers },
    body: new URLSearchParams({ callbackUrl: "/maru" }).toString(),
  });
  return answerAuth(request, ["signin", provider]);
}

describe("signing in with a provider", () => {
  test("is offered when both of its keys are set", () => {
    expect(offeredProviders().map(({ id }) => id)).toEqual(["github"]);
  });

  test("leads a plain form to the provider, with a state that only this browser can answer for", async () => {
    const response = await begin("github", { origin });
    const there = new URL(response.headers.get("location") ?? "");
    expect([response.status, there.origin, there.pathname]).toEqual([303, "https://github.com", "/login/oauth/authorize"]);
    expect(there.searchParams.get("redirect_uri")).toBe(`${origin}/api/auth/callback/github`);
    expect(there.searchParams.get("state")).toBeTruthy();
    expect(response.headers.getSetCookie().find((cookie) => cookie.startsWith("next-auth.state="))).toMatch(/HttpOnly; SameSite=Lax/);
  });

  test("comes back to nothing when the state is not this browser's", async () => {
    const response = await answerAuth(new Request(`${origin}/api/auth/callback/github?code=stolen&state=forged`), ["callback", "github"]);
    expect(response.headers.get("location")).toBe("/sign-in?error=OAuthCallback");
    expect(response.headers.getSetCookie().join()).not.toContain("session-token");
  });

  test("is not begun by a program without next-auth's own token, nor with a provider that is not configured", async () => {
    expect((await begin("github", {})).headers.get("location")).not.toContain("github.com");
    expect((await begin("google", { origin })).headers.get("location") ?? "").not.toContain("google.com");
  });
});
