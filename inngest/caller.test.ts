import { beforeAll, describe, expect, test } from "vitest";

const secret = "a-secret-between-engine-and-app";
const required = ["DATABASE_URL", "RESEND_API_KEY", "PUSHER_APP_ID", "PUSHER_KEY", "PUSHER_SECRET"];
let route: typeof import("@/app/api/inngest/route");

beforeAll(async () => {
  for (const name of required) process.env[name] ??= "test";
  Object.assign(process.env, { NEXTAUTH_SECRET: "a-session-secret-of-the-tests", LINK_SECRET: "a-link-secret-of-the-tests", ENCRYPTION_KEYS: "test:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=" });
  Object.assign(process.env, { INNGEST_DEV: "http://127.0.0.1:9", INNGEST_CALLER_SECRET: secret, LOG_LEVEL: "silent" });
  route = await import("@/app/api/inngest/route");
});

const call = async (method: "GET" | "PUT" | "POST", authorization?: string) => {
  const { NextRequest } = await import("next/server");
  const request = new NextRequest("http://localhost:3000/api/inngest?fnId=moim-claim-reminders&stepId=step", {
    method,
    headers: { ...(authorization && { authorization }), "content-type": "application/json" },
    ...(method === "GET" ? {} : { body: "{}" }),
  });
  return (await route[method](request, undefined)).status;
};

describe("the durable functions, which act for every organization", () => {
  test("answer nobody who does not know the engine's secret", async () => {
    for (const method of ["GET", "PUT", "POST"] as const) {
      expect(await call(method)).toBe(401);
      expect(await call(method, "Bearer guessed")).toBe(401);
    }
  });

  test("answer the engine", async () => {
    expect(await call("GET", `Bearer ${secret}`)).toBe(200);
    expect(await call("POST", `Bearer ${secret}`)).not.toBe(401);
  });
});
