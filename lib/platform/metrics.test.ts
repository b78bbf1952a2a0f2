import { readFile } from "node:fs/promises";
import { beforeAll, describe, expect, test } from "vitest";
import { breakerOf } from "./breaker";

const required = ["DATABASE_URL", "RESEND_API_KEY", "PUSHER_APP_ID", "PUSHER_KEY", "PUSHER_SECRET"];
const token = "a-token-of-the-monitor";
let metrics: typeof import("./metrics");

beforeAll(async () => {
  for (const name of required) process.env[name] ??= "test";
  Object.assign(process.env, { NEXTAUTH_SECRET: "a-session-secret-of-the-tests", LINK_SECRET: "a-link-secret-of-the-tests", ENCRYPTION_KEYS: "test:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=" });
  Object.assign(process.env, { METRICS_TOKEN: token, LOG_LEVEL: "silent" });
  metrics = await import("./metrics");
});

interface Dashboard {
  panels: { title: string; targets?: { expr: string }[] }[];
}

test("every metric and label that the dashboard asks for exists", async () => {
  const dashboard = JSON.parse(await readFile(new URL("./metrics.grafana.json", import.meta.url), "utf8")) as Dashboard;
  const known = new Map<string, Set<string>>();
  for (const { name, type } of await metrics.metrics().registry.getMetricsAsJSON()) {
    const labels = new Set([...((metrics.metrics().registry.getSingleMetric(name) as unknown as { labelNames: string[] }).labelNames ?? []), "le"]);
    for (const suffix of String(type) === "histogram" ? ["_bucket", "_count", "_sum"] : [""]) known.set(`${name}${suffix}`, labels);
  }
  const expressions = dashboard.panels.flatMap(({ targets }) => targets ?? []).map(({ expr }) => expr);
  expect(expressions.length).toBeGreaterThan(15);
  for (const expression of expressions) {
    const asked = [...expression.matchAll(/([a-z][a-z0-9_]+)(?=[[{)])(?!\()/g)].map(([, name = ""]) => name).filter((name) => name.includes("_") && !name.startsWith("$"));
    expect(asked.length, expression).toBeGreaterThan(0);
    expect(asked.filter((name) => !known.has(name) && name !== "histogram_quantile"), expression).toEqual([]);
    const [first = ""] = asked;
    for (const [, by = ""] of expression.matchAll(/by \(([^)]*)\)/g)) for (const label of by.split(", ")) expect(known.get(first)?.has(label), `${label} of ${first}`).toBe(true);
  }
});

describe("labels", () => {
  test("name a route by its pattern, whatever was asked for", () => {
    const { routePattern } = metrics;
    expect(routePattern("/api/meetings/mtg_01/deliveries/dlv_02", { id: "mtg_01", delivery: "dlv_02" })).toBe("/api/meetings/:id/deliveries/:delivery");
    expect(routePattern("/webhook/a%20b/x", { plugin: "a b", connection: "x" })).toBe("/webhook/:plugin/:connection");
    expect(routePattern("/api/media/a/b", { path: ["a", "b"] })).toBe("/api/media/:path/:path");
    expect(routePattern("/api/meetings/%E0%A4%A", { id: "%E0%A4%A" })).toBe("/api/meetings/:id");
  });

  test("that nobody foresaw are refused", () => {
    expect(() => metrics.metrics().sent.inc({ channel: "email", status: "sent", organization: "org_1" } as never)).toThrow("organization");
  });
});

test("the state of each breaker shows as soon as its provider is called", async () => {
  breakerOf("post");
  expect(await metrics.metrics().registry.metrics()).toContain('provider_breaker_state{provider="post",state="closed"} 1');
});

test("only who carries the token reads them; without one in the configuration, nobody", () => {
  const with_ = (authorization?: string) => metrics.mayReadMetrics(new Headers(authorization ? { authorization } : {}));
  expect([with_(), with_("Bearer guessed"), with_(token), with_(`Bearer ${token}`)]).toEqual([false, false, false, true]);
});
