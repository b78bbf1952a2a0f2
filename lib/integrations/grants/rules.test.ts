import { describe, expect, test } from "vitest";
import { homeOf, problemOfError, unionOfScopes, withQuery } from "./rules";

describe("somebody comes back", () => {
  const flow = { slug: "maru", purpose: "link" as const, connectionId: null, wished: "/" };

  test("to where they came from, if that is their organization's", () => {
    expect(homeOf({ ...flow, wished: "/maru/settings/profile?tab=jira" })).toBe("/maru/settings/profile?tab=jira");
    expect(homeOf({ ...flow, wished: "/hanbit/settings" })).toBe("/maru/settings/subscriptions");
    expect(homeOf({ ...flow, wished: "/maruder/settings" })).toBe("/maru/settings/subscriptions");
  });

  test("else to the page that the purpose belongs to", () => {
    expect(homeOf({ ...flow, purpose: "connect" })).toBe("/maru/settings/integrations");
    expect(homeOf({ ...flow, purpose: "reconnect", connectionId: "con_1" })).toBe("/maru/settings/integrations/con_1");
    expect(homeOf({ ...flow, purpose: "reconnect" })).toBe("/maru/settings/integrations");
  });
});

test("a problem is added to whatever stands in the address already", () => {
  expect(withQuery("/maru/settings", "problem", "denied")).toBe("/maru/settings?problem=denied");
  expect(withQuery("/maru/settings?tab=a&problem=old#here", "problem", "denied")).toBe("/maru/settings?tab=a&problem=denied#here");
});

test("every error of the provider has something to say", () => {
  expect(problemOfError("access_denied")).toBe("denied");
  expect(problemOfError("temporarily_unavailable")).toBe("unavailable");
  expect(problemOfError("consent_required")).toBe("refused");
  expect(problemOfError("")).toBe("refused");
});

test("scopes that a grant carries already are asked for again, once each", () => {
  expect(unionOfScopes(["read:jira-work", "offline_access"], ["offline_access", "manage:jira-webhook"])).toEqual(["manage:jira-webhook", "offline_access", "read:jira-work"]);
});
