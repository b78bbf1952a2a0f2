import { Validator } from "@seriousme/openapi-schema-validator";
import type { APIResponse } from "@playwright/test";
import { mailsTo } from "./support/mailbox";
import { book, freeHour } from "./support/meetings";
import { run } from "./support/run";
import { expect, test } from "./support/test";
import { unique, uniqueEmail } from "./support/unique";
import type { MeetingResource } from "@/lib/meetings/mappings";

interface Problem {
  type: string;
  title: string;
  status: number;
  code: string;
  errors?: { field: string; pointer: string; code: string; detail: string }[];
}

async function problemOf(response: APIResponse): Promise<Problem> {
  expect(response.headers()["content-type"]).toBe("application/problem+json");
  const problem = (await response.json()) as Problem;
  expect(problem.status).toBe(response.status());
  expect(problem.type).toMatch(/^urn:moim:problem:/);
  expect(problem.title).toBeTruthy();
  return problem;
}

const bearer = (token: string) => ({ Authorization: `Bearer ${token}` });

test("the description is valid OpenAPI 3.1 and names this instance", async ({ request }) => {
  const response = await request.get("/api/openapi.json");
  expect(response.status()).toBe(200);
  const document = (await response.json()) as { openapi: string; servers: { url: string }[] };
  const result = await new Validator().validate(structuredClone(document));
  expect(result.errors ?? []).toEqual([]);
  expect(document.openapi).toMatch(/^3\.1\./);
  expect(document.servers.map(({ url }) => url)).toEqual([run.app.url]);
});

test("a booking answers 201 with Location and ETag; a stale If-Match is refused and changes nothing", async ({ team, apiOf }) => {
  const api = await apiOf(team.ada);
  const guest = uniqueEmail("api");
  const title = unique("By API");
  const created = await api.post("/api/meetings", {
    data: { ...freeHour(), timeZone: "Asia/Seoul", title, location: "Online", attendees: [{ email: guest, name: "Api Guest" }], reminderMinutes: 15 },
  });
  expect(created.status()).toBe(201);
  const meeting = (await created.json()) as MeetingResource;
  expect(meeting).toMatchObject({ title, status: "confirmed", sequence: 0, timeZone: "Asia/Seoul", reminderMinutes: 15 });
  expect(meeting.icalUid).toContain("@");
  expect(meeting.attendees).toMatchObject([{ email: guest, name: "Api Guest", partstat: "needs-action" }]);
  const etag = created.headers().etag ?? "";
  const location = created.headers().location ?? "";
  const readBack = await api.get(location);
  expect(await readBack.json()).toEqual(meeting);
  expect(readBack.headers().etag).toBe(etag);

  const changed = await api.patch(location, { data: { location: "Room 2" }, headers: { "If-Match": etag } });
  expect(changed.status()).toBe(200);
  expect(changed.headers().etag).not.toBe(etag);
  const stale = await api.patch(location, { data: { location: "Room 3" }, headers: { "If-Match": etag } });
  expect(stale.status()).toBe(412);
  expect((await problemOf(stale)).code).toBe("PRECONDITION_FAILED");
  expect(((await (await api.get(location)).json()) as MeetingResource).location).toBe("Room 2");

  const cancelled = await api.delete(location, { headers: { "If-Match": changed.headers().etag ?? "" } });
  expect(cancelled.status()).toBe(204);
  expect(((await (await api.get(location)).json()) as MeetingResource).status).toBe("cancelled");
  const again = await api.post(`${location}/cancel`);
  expect(again.status()).toBe(409);
  expect((await problemOf(again)).code).toBe("ALREADY_CANCELLED");
});

test("an Idempotency-Key makes one meeting of many requests, and will not carry another body", async ({ team, apiOf }) => {
  const api = await apiOf(team.ada);
  const headers = { "Idempotency-Key": unique("key") };
  const data = { ...freeHour(), timeZone: "Europe/Paris", title: unique("Idempotent") };
  const answers = await Promise.all([1, 2, 3].map(() => api.post("/api/meetings", { data, headers })));
  const ids = await Promise.all(answers.map(async (answer) => ((await answer.json()) as MeetingResource).id));
  expect(new Set(ids).size).toBe(1);
  expect(answers.map((answer) => answer.status())).toEqual([201, 201, 201]);
  const other = await api.post("/api/meetings", { data: { ...data, title: "Another" }, headers });
  expect(other.status()).toBe(422);
  expect((await problemOf(other)).code).toBe("IDEMPOTENCY_MISMATCH");
});

const someone = (count: number) => Array.from({ length: count }, (_, index) => ({ email: `many${index}@e2e.example` }));
const valid = { title: "Faulty", timeZone: "Europe/Paris", startsAt: "2031-03-03T09:00:00Z", endsAt: "2031-03-03T10:00:00Z" };
const faulty: { what: string; data: unknown; status: number; field?: string; code: string }[] = [
  { what: "an end before the start", data: { ...valid, endsAt: "2031-03-03T08:00:00Z" }, status: 422, field: "endsAt", code: "end-before-start" },
  { what: "an unknown zone", data: { ...valid, timeZone: "Europe/Atlantis" }, status: 422, field: "timeZone", code: "time-zone" },
  { what: "501 attendees", data: { ...valid, attendees: someone(501) }, status: 422, field: "attendees", code: "too-many-attendees" },
  { what: "a malformed address", data: { ...valid, attendees: [{ email: "ada@" }] }, status: 422, field: "attendees.0.email", code: "email" },
  { what: "an unknown field", data: { ...valid, colour: "red" }, status: 422, field: "colour", code: "unknown-field" },
  { what: "a missing title", data: { ...valid, title: undefined }, status: 422, field: "title", code: "required" },
  { what: "a time without an offset", data: { ...valid, startsAt: "2031-03-03T09:00:00" }, status: 422, field: "startsAt", code: "instant" },
  { what: "a join link that is no web address", data: { ...valid, joinUrl: "javascript:alert(1)" }, status: 422, field: "joinUrl", code: "url" },
  { what: "a reminder nobody offers", data: { ...valid, reminderMinutes: 7 }, status: 422, field: "reminderMinutes", code: "reminder" },
  { what: "a body over 1 MB", data: { ...valid, description: "x".repeat(1_100_000) }, status: 413, code: "TOO_LARGE" },
  { what: "invalid JSON", data: Buffer.from('{"title":'), status: 400, code: "MALFORMED" },
];

for (const { what, data, status, field, code } of faulty) {
  test(`${what} is refused by name, and nothing is stored`, async ({ team, apiOf }) => {
    const api = await apiOf(team.ada);
    const response = await api.post("/api/meetings", { data, headers: { "content-type": "application/json" } });
    expect(response.status()).toBe(status);
    const problem = await problemOf(response);
    if (field) expect(problem.errors).toMatchObject([{ field, code, pointer: `#/${field.replaceAll(".", "/")}` }]);
    else expect(problem.code).toBe(code);
    const stored = await api.get("/api/meetings?from=2031-03-03T00:00:00Z&to=2031-03-04T00:00:00Z");
    expect(((await stored.json()) as { meetings: unknown[] }).meetings).toEqual([]);
  });
}

test("500 attendees are booked and every one of them is told", async ({ team, apiOf }) => {
  test.slow();
  const title = unique("Assembly");
  const tag = unique("everyone").replace(" ", "-");
  const meeting = await book(await apiOf(team.ada), {
    title,
    attendees: Array.from({ length: 500 }, (_, index) => ({ email: `${tag}-${index}@e2e.example` })),
  });
  expect(meeting.attendees).toHaveLength(500);
  const count = async () => {
    const query = new URLSearchParams({ to: `${tag}-`, limit: "1000", fields: "summary" });
    const mails = (await (await fetch(`${run.mail.url}/messages?${query}`)).json()) as { to: string[] }[];
    expect(new Set(mails.map(({ to }) => to[0])).size).toBe(mails.length);
    return mails.length;
  };
  await expect.poll(count, { timeout: 60_000 }).toBe(500);
});

test("another organization's meeting does not exist, whatever is tried with it", async ({ team, apiOf, request, pageOf }) => {
  const api = await apiOf(team.ada);
  const theirs = await request.post("/api/meetings", {
    headers: bearer(run.demo.apiToken),
    data: { ...freeHour(), timeZone: "Europe/Paris", title: unique("Foreign") },
  });
  expect(theirs.status()).toBe(201);
  const { id, title } = (await theirs.json()) as MeetingResource;
  const missing = "mtg_01h455vb4pex5vsknk084sn02q";
  const tries = (meetingId: string) => [
    api.get(`/api/meetings/${meetingId}`),
    api.patch(`/api/meetings/${meetingId}`, { data: { title: "Mine now" } }),
    api.delete(`/api/meetings/${meetingId}`),
    api.post(`/api/meetings/${meetingId}/cancel`, { data: { reason: "No" } }),
    api.post(`/api/meetings/${meetingId}/responses`, { data: { partstat: "accepted" } }),
    api.get(`/api/meetings/${meetingId}/calendar`),
  ];
  const [foreign, absent] = await Promise.all([Promise.all(tries(id)), Promise.all(tries(missing))]);
  for (const [index, response] of foreign.entries()) {
    expect(response.status(), response.url()).toBe(404);
    const other = absent[index];
    expect(await response.json()).toEqual(await other?.json());
  }
  const members = ((await (await request.get(`/api/meetings/${id}`, { headers: bearer(run.demo.apiToken) })).json()) as MeetingResource).organizer;
  const invited = await api.post("/api/meetings", { data: { ...freeHour(), timeZone: "Europe/Paris", title: "Poaching", attendees: [{ memberId: members.memberId }] } });
  expect([404, 422]).toContain(invited.status());
  const unchanged = (await (await request.get(`/api/meetings/${id}`, { headers: bearer(run.demo.apiToken) })).json()) as MeetingResource;
  expect(unchanged).toMatchObject({ title, status: "confirmed", version: 1 });

  const page = await pageOf(team.ada);
  for (const path of [`/${team.slug}/meetings/${id}`, `/${team.slug}/meetings/${id}/edit`, "/maru", "/maru/meetings", "/maru/settings/members"]) {
    await page.goto(path);
    await expect(page.getByRole("heading", { name: "There is nothing here" }), path).toBeVisible();
    expect(await page.content()).not.toContain(title);
  }
});

test("a token made in settings is shown once, does what its scopes say, and ends when it is revoked", async ({ team, pageOf, request }) => {
  const page = await pageOf(team.ada);
  const name = unique("Reader");
  await page.goto(`/${team.slug}/settings/tokens`);
  await page.getByLabel("Name", { exact: true }).fill(name);
  await page.getByLabel("Expires after").selectOption("7");
  await page.getByLabel("Read meetings").check();
  await page.getByRole("button", { name: "Create token" }).click();
  const secret = await page.getByLabel("Your new token").innerText();
  expect(secret).toMatch(/^moim_/);
  const row = page.getByRole("listitem").filter({ hasText: name });
  await expect(row).toContainText(secret.slice(-4));
  await page.reload();
  await expect(row).toBeVisible();
  expect(await page.content()).not.toContain(secret);

  const headers = bearer(secret);
  expect((await request.get("/api/meetings", { headers })).status()).toBe(200);
  const beyond = await request.post("/api/meetings", { headers, data: valid });
  expect(beyond.status()).toBe(403);
  expect(await problemOf(beyond)).toMatchObject({ code: "FORBIDDEN", requiredScope: "meetings:write" });
  expect((await request.get("/api/notifications", { headers })).status()).toBe(403);
  expect((await request.get("/api/dashboard", { headers })).status()).toBe(403);

  await row.locator("summary").click();
  await row.getByRole("button", { name: /^Revoke/ }).click();
  await expect(row).toHaveCount(0);
  const revoked = await request.get("/api/meetings", { headers });
  expect(revoked.status()).toBe(401);
  expect((await problemOf(revoked)).code).toBe("SIGNED_OUT");
});

test("without a session or a good token there is no answer, and another site's page gets none with somebody's cookie", async ({ team, apiOf, request }) => {
  expect((await request.get("/api/meetings")).status()).toBe(401);
  expect((await request.get("/api/meetings", { headers: bearer("moim_notarealtokenatall0000") })).status()).toBe(401);
  const api = await apiOf(team.ada);
  const foreign = await api.post("/api/meetings", { data: { ...freeHour(), timeZone: "UTC", title: "Forged" }, headers: { Origin: "https://evil.example" } });
  expect(foreign.status()).toBe(403);
  expect(await mailsTo("nobody@e2e.example")).toEqual([]);
});

test("the list goes by range and cursor, in order, without gaps", async ({ team, apiOf }) => {
  const api = await apiOf(team.minjun);
  const day = "2031-05-05";
  for (const hour of ["08", "10", "12", "14", "16"]) {
    await book(api, { title: `At ${hour}`, startsAt: `${day}T${hour}:00:00Z`, endsAt: `${day}T${hour}:30:00Z`, timeZone: "UTC" });
  }
  const seen: string[] = [];
  let cursor: string | null = null;
  do {
    const query = new URLSearchParams({ from: `${day}T09:00:00Z`, to: `${day}T15:00:00Z`, limit: "2", ...(cursor && { cursor }) });
    const page = (await (await api.get(`/api/meetings?${query}`)).json()) as { meetings: MeetingResource[]; nextCursor: string | null };
    seen.push(...page.meetings.map(({ title }) => title));
    cursor = page.nextCursor;
  } while (cursor);
  expect(seen).toEqual(["At 10", "At 12", "At 14"]);
  const nonsense = await api.get("/api/meetings?limit=0&colour=red");
  expect(nonsense.status()).toBe(422);
  expect((await problemOf(nonsense)).errors?.map(({ field }) => field).sort()).toEqual(["colour", "limit"]);
});
