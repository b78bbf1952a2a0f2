import { describe, expect, test } from "vitest";
import { vouchesForEmail } from "./provider-trust";

const email = "mina@example.com";

describe("an address from a provider counts only when the provider vouches for it", () => {
  test.each([
    ["google", { email, email_verified: true }, "common", true],
    ["google", { email, email_verified: false }, "common", false],
    ["google", { email, email_verified: "true" }, "common", false],
    ["github", { email, email_verified: true }, "common", true],
    ["github", { email }, "common", false],
    ["azure-ad", { email }, "common", false],
    ["azure-ad", { email }, "organizations", false],
    ["azure-ad", { email, xms_edov: true }, "common", true],
    ["azure-ad", { email, xms_edov: "1" }, "common", true],
    ["azure-ad", { email, xms_edov: false }, "common", false],
    ["azure-ad", { email }, "0b5ee1a5-0000-4000-8000-000000000000", true],
    ["google", { email_verified: true }, "common", false],
    ["google", { email: "", email_verified: true }, "common", false],
    ["somebody-else", { email, email_verified: true }, "common", false],
  ])("%s %j in %s: %s", (provider, profile, tenant, vouches) => {
    expect(vouchesForEmail(provider, profile, tenant)).toBe(vouches);
  });
});
