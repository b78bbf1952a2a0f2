import { describe, expect, it } from "vitest";
import { pagePolicy } from "./content-security-policy";

const own = { cluster: "mt1", host: "127.0.0.1", port: 6001, tls: false };
const options = { nonce: "abc", realtime: own, storage: null, signInOrigins: [], secure: false, development: false };

const directive = (policy: string, name: string) =>
  policy.split("; ").find((part) => part.startsWith(`${name} `))?.split(" ").slice(1) ?? [];

describe("the policy of pages", () => {
  it("lets no inline script or style run without the request's nonce", () => {
    const policy = pagePolicy(options);
    expect(policy).not.toContain("unsafe-inline");
    expect(policy).not.toContain("unsafe-eval");
    expect(directive(policy, "script-src")).toContain("'nonce-abc'");
    expect(directive(policy, "style-src")).toEqual(["'self'", "'nonce-abc'"]);
  });

  it("connects to ourselves and the configured realtime host alone", () => {
    expect(directive(pagePolicy(options), "connect-src")).toEqual(["'self'", "ws://127.0.0.1:6001", "http://127.0.0.1:6001"]);
    const hosted = pagePolicy({ ...options, realtime: { cluster: "eu", host: null, port: null, tls: true } });
    expect(directive(hosted, "connect-src")).toEqual(["'self'", "wss://ws-eu.pusher.com", "https://sockjs-eu.pusher.com"]);
  });

  it("puts and fetches media at the configured storage alone, and runs nothing from there", () => {
    const policy = pagePolicy({ ...options, storage: "https://files.example" });
    expect(directive(policy, "connect-src")).toContain("https://files.example");
    expect(directive(policy, "img-src")).toEqual(["'self'", "data:", "blob:", "https://files.example"]);
    expect(directive(policy, "media-src")).toEqual(["'self'", "blob:", "https://files.example"]);
    for (const name of ["default-src", "script-src", "style-src", "font-src", "form-action", "worker-src"]) {
      expect(directive(policy, name)).not.toContain("https://files.example");
    }
    expect(directive(pagePolicy(options), "media-src")).toEqual(["'self'", "blob:"]);
  });

  it("lets forms lead to ourselves and to the sign-in providers that are configured", () => {
    expect(directive(pagePolicy(options), "form-action")).toEqual(["'self'"]);
    const signInOrigins = ["https://github.com"];
    expect(directive(pagePolicy({ ...options, signInOrigins }), "form-action")).toEqual(["'self'", "https://github.com"]);
  });

  it("upgrades requests only when the site itself is served over TLS", () => {
    expect(pagePolicy(options)).not.toContain("upgrade-insecure-requests");
    expect(pagePolicy({ ...options, secure: true })).toContain("upgrade-insecure-requests");
  });
});
