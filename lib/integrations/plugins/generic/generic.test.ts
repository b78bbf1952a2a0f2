import { createHmac } from "node:crypto";
import { describe, expect, test } from "vitest";
import { pluginFacts } from "../../events";
import type { Place, Trust } from "../../plugin";
import { generic } from "./plugin";

const secret = `whsec_${Buffer.from("a key of twenty-four bytes!").toString("base64")}`;
const nowMs = Date.parse("2026-11-21T12:00:00Z");
const trust = (secrets: string[], at = nowMs): Trust => ({ kind: "manual", secrets, hookIds: [], nowMs: at });
const place: Place = { connectionId: "con_1", name: "Robot", metadata: {}, receivedAt: new Date(nowMs) };

/** As https://github.com/standard-webhooks/standard-webhooks signs. */
function signed(body: string, { key = secret, id = "msg_1", seconds = nowMs / 1000 } = {}) {
  const mac = createHmac("sha256", Buffer.from(key.replace(/^whsec_/, ""), "base64")).update(`${id}.${seconds}.${body}`).digest("base64");
  return { headers: { "webhook-id": id, "webhook-timestamp": String(seconds), "webhook-signature": `v1,${mac}` } as Record<string, string>, body: Buffer.from(body) };
}

describe("a signed message", () => {
  test("as the specification's own example signs it is genuine", () => {
    const request = {
      headers: {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
      },
      body: Buffer.from('{"test": 2432232314}'),
    };
    expect(generic.verify(request, trust(["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"], 1_614_265_330_000))).toEqual({ proof: "signature" });
  });

  test("is taken with any of its signatures, under any secret that counts", () => {
    const request = signed("{}");
    const signatures = `v1a,xyz v1,AAAA ${request.headers["webhook-signature"] ?? ""}`;
    expect(generic.verify({ ...request, headers: { ...request.headers, "webhook-signature": signatures } }, trust(["whsec_b3RoZXI=", secret]))).toEqual({ proof: "signature" });
  });

  test.each([
    ["a changed body", () => ({ ...signed("{}"), body: Buffer.from("{ }") }), "signature"],
    ["another id", () => ({ ...signed("{}"), headers: { ...signed("{}").headers, "webhook-id": "msg_2" } }), "signature"],
    ["another secret", () => signed("{}", { key: "whsec_b3RoZXI=" }), "signature"],
    ["no headers", () => ({ headers: {}, body: Buffer.from("{}") }), "unsigned"],
    ["a time long past", () => signed("{}", { seconds: nowMs / 1000 - 301 }), "expired"],
    ["a time to come", () => signed("{}", { seconds: nowMs / 1000 + 301 }), "expired"],
    ["a time that is none", () => signed("{}", { seconds: NaN }), "expired"],
  ])("is refused with %s", (_, request, reason) => {
    expect(generic.verify(request(), trust([secret]))).toEqual({ refused: reason });
  });

  test("is refused under no secret, or an empty one", () => {
    expect(generic.verify(signed("{}", { key: "whsec_" }), trust(["whsec_", ""]))).toEqual({ refused: "signature" });
    expect(generic.verify(signed("{}"), trust([]))).toEqual({ refused: "signature" });
  });
});

describe("a message", () => {
  const read = (body: unknown) => generic.read(Buffer.from(typeof body === "string" ? body : JSON.stringify(body)), place);

  test("says what happened, about what, and who did it", () => {
    const reading = read({ type: "build.failed", title: "Build 7 failed", text: "in tests", url: "https://ci.example/7", actor: { id: "u1", name: "Ada" }, entity: "build-7", timestamp: "2026-11-21T11:00:00+00:00" });
    expect(reading).toMatchObject({
      changeKey: null,
      facts: {
        event: "generic.received",
        sourceEvent: "build.failed",
        entity: "generic:build-7",
        title: "Build 7 failed",
        url: "https://ci.example/7",
        actor: { id: "u1", name: "Ada" },
        occurredAt: "2026-11-21T11:00:00.000Z",
      },
    });
    expect("facts" in reading && pluginFacts.parse(reading.facts)).toBeTruthy();
  });

  test.each(["0000-01-01T00:00:00Z", "9999-12-31T23:59:59-23:59"])("of %s, which no calendar here knows, happened when it came", (timestamp) => {
    expect(read({ type: "x", timestamp })).toMatchObject({ facts: { occurredAt: "2026-11-21T12:00:00.000Z" } });
  });

  test("needs nothing but its type; what is not what it should be counts as absent", () => {
    expect(read({ type: "x", title: 7, url: "javascript:alert(1)", actor: [], entity: {} })).toMatchObject({ facts: { title: "x", url: null, actor: null, entity: "generic:con_1" } });
    for (const body of ["", "{", "[]", "null", "{}", '{"type":""}']) expect(read(body)).toHaveProperty("unreadable");
  });
});
