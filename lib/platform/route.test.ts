import { beforeAll, expect, test } from "vitest";

const required = ["DATABASE_URL", "RESEND_API_KEY", "PUSHER_APP_ID", "PUSHER_KEY", "PUSHER_SECRET"];
let answer: (request: Request) => Promise<Response>;

beforeAll(async () => {
  for (const name of required) process.env[name] ??= "test";
  Object.assign(process.env, { NEXTAUTH_SECRET: "a-session-secret-of-the-tests", LINK_SECRET: "a-link-secret-of-the-tests", LOG_LEVEL: "silent" });
  const { route } = await import("./route");
  const found = route(async () => Response.json({}));
  answer = (request) => found(request, { params: Promise.resolve({}) });
});

test("an address that no row can have is not found, in its path as in its query", async () => {
  expect((await answer(new Request("http://localhost:3000/api/meetings"))).status).toBe(200);
  for (const address of ["meetings/%00", "meetings?organization=a%00b"]) {
    const response = await answer(new Request(`http://localhost:3000/api/${address}`));
    expect(response.status).toBe(404);
    expect(response.headers.get("content-type")).toBe("application/problem+json");
  }
});
