import { beforeAll, expect, test, vi } from "vitest";

// Next's own `after` works inside a request only; nothing here needs what it does.
vi.mock("next/server", async (original) => ({ ...(await original<object>()), after: () => undefined }));

const required = ["DATABASE_URL", "RESEND_API_KEY", "PUSHER_APP_ID", "PUSHER_KEY", "PUSHER_SECRET"];
let answer: (request: Request) => Promise<Response>;
let signedAnswer: (request: Request) => Promise<Response>;

beforeAll(async () => {
  for (const name of required) process.env[name] ??= "test";
  Object.assign(process.env, { NEXTAUTH_SECRET: "a-session-secret-of-the-tests", LINK_SECRET: "a-link-secret-of-the-tests", ENCRYPTION_KEYS: "test:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", LOG_LEVEL: "silent" });
  const { route } = await import("./route");
  const found = route(async () => Response.json({}));
  answer = (request) => found(request, { params: Promise.resolve({}) });
  const signed = route(async () => Response.json({}), { signed: true });
  signedAnswer = (request) => signed(request, { params: Promise.resolve({}) });
});

test("an address that no row can have is not found, in its path as in its query", async () => {
  expect((await answer(new Request("http://localhost:3000/api/meetings"))).status).toBe(200);
  for (const address of ["meetings/%00", "meetings?organization=a%00b"]) {
    const response = await answer(new Request(`http://localhost:3000/api/${address}`));
    expect(response.status).toBe(404);
    expect(response.headers.get("content-type")).toBe("application/problem+json");
  }
});

test("a change that a browser sends from another site is refused; a program that names no site is not; nor is what carries its own proof", async () => {
  const post = (origin?: string) => new Request("http://localhost:3000/api/x", { method: "POST", headers: origin ? { origin } : {} });
  for (const origin of ["https://elsewhere.example", "null"]) {
    expect((await answer(post(origin))).status).toBe(403);
    expect((await signedAnswer(post(origin))).status).toBe(200);
  }
  for (const origin of [undefined, "http://localhost:3000"]) expect((await answer(post(origin))).status).toBe(200);
});
