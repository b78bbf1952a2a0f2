import { randomBytes } from "node:crypto";
import { inboxAbout } from "./support/inbox";
import { mailsAbout } from "./support/mailbox";
import { book } from "./support/meetings";
import { readRun } from "./support/run";
import { expect, test } from "./support/test";
import { unique, uniqueEmail } from "./support/unique";

// What is killed here, all other tests stand on: they have run before.
test.describe.configure({ mode: "serial", timeout: 240_000, retries: 0 });

const isAlive = (pid: number) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

for (const { victims, afterMs } of [
  { victims: ["inngest"], afterMs: 0 },
  { victims: ["app"], afterMs: 0 },
  { victims: ["inngest", "app"], afterMs: 150 },
] as const) {
  test(`killing ${victims.join(" and ")} ${afterMs} ms after a booking loses nothing and doubles nothing`, async ({ team, apiOf, request }) => {
    const ada = await apiOf(team.ada);
    const title = unique("Survivor");
    const guests = Array.from({ length: 12 }, () => uniqueEmail("survivor"));
    const attendees = [...guests.map((email) => ({ email })), { email: team.camille.email }, { email: team.minjun.email }];
    const before = readRun();
    const meeting = await book(ada, { title, attendees });
    if (afterMs > 0) await new Promise((resolve) => setTimeout(resolve, afterMs));
    for (const victim of victims) process.kill(before[victim].pid, "SIGKILL");

    // Started again by itself, and said so where tools look.
    for (const victim of victims) {
      await expect.poll(() => readRun()[victim].pid !== before[victim].pid && isAlive(readRun()[victim].pid), { timeout: 60_000 }).toBe(true);
    }
    await expect.poll(async () => (await request.get("/api/health").catch(() => null))?.status(), { timeout: 60_000 }).toBe(200);

    const everybody = attendees.map(({ email }) => email);
    const told = async () => (await Promise.all(everybody.map(async (email) => (await mailsAbout(email, title)).length))).filter((count) => count > 0).length;
    // What the killed process was just sending is taken up again when its lease ends, by the sweep of the next minute.
    await expect.poll(told, { timeout: 150_000, intervals: [500] }).toBe(everybody.length);
    for (const person of [team.camille, team.minjun]) {
      const api = await apiOf(person);
      await expect.poll(async () => (await inboxAbout(api, meeting.id)).length, { timeout: 30_000 }).toBe(1);
    }
    await new Promise((resolve) => setTimeout(resolve, 4_000));
    for (const email of everybody) expect(await mailsAbout(email, title), email).toHaveLength(1);
    for (const person of [team.camille, team.minjun]) expect(await inboxAbout(await apiOf(person), meeting.id)).toHaveLength(1);
  });
}

interface Begun {
  id: string;
  upload: { url: string; method: string; headers: Record<string, string> };
}

test("killing the storage loses nothing that it took, and what was on its way is sent again to the same address", async ({ team, apiOf }) => {
  const api = await apiOf(team.ada);
  const begin = async (bytes: number): Promise<Begun> => {
    const answer = await api.post("/api/media", { data: { fileName: "survivor.bin", type: "application/octet-stream", bytes } });
    expect(answer.status(), await answer.text()).toBe(201);
    return (await answer.json()) as Begun;
  };
  const send = ({ upload: { url, method, headers } }: Begun, body: Buffer) => fetch(url, { method, headers, body: new Uint8Array(body) });
  const complete = async ({ id }: Begun) => expect((await api.post(`/api/media/${id}/complete`)).status()).toBe(200);
  const bytesOf = async ({ id }: Begun) => (await api.get(`/api/media/${id}/original`)).body();
  const [early, late] = [randomBytes(300_000), randomBytes(20_000_000)];

  const taken = await begin(early.length);
  expect((await send(taken, early)).status).toBe(200);
  await complete(taken);
  const underWay = await begin(late.length);
  const before = readRun().storage.pid;
  const broken = send(underWay, late).then(() => "sent", () => "broken");
  process.kill(before, "SIGKILL");
  await broken;
  await expect.poll(() => readRun().storage.pid !== before && isAlive(readRun().storage.pid), { timeout: 60_000 }).toBe(true);

  await expect.poll(() => send(underWay, late).then(({ status }) => status, () => null), { timeout: 60_000 }).toBe(200);
  await complete(underWay);
  expect((await bytesOf(taken)).equals(early)).toBe(true);
  expect((await bytesOf(underWay)).equals(late)).toBe(true);
});
