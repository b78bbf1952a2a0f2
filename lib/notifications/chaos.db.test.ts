import { spawn, type ChildProcess } from "node:child_process";
import { createECDH } from "node:crypto";
import { once } from "node:events";
import { createServer, request as ask, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import { sql } from "drizzle-orm";
import { afterAll, expect, test } from "vitest";
import { startMail } from "@/local/mail/server";
import { startPush } from "@/local/push/server";
import { startPusher } from "@/local/pusher/server";
import { subjects } from "@/inngest/subjects";
import { breakers } from "@/lib/platform/breaker";
import { clock } from "@/lib/platform/clock";
import { asSystem, systemTenant } from "@/lib/platform/db/client";
import { useTestDatabase } from "@/lib/platform/db/use-test-database";
import { parseInput } from "@/lib/platform/validation";
import { scheduleMeeting } from "@/lib/meetings/commands";
import { scheduleMeetingInput } from "@/lib/meetings/inputs";
import type { Member } from "@/lib/organizations/actor";
import { inviteMembers } from "@/lib/organizations/invitations/commands";
import { inviteMembersInput } from "@/lib/organizations/invitations/inputs";
import { pendingInvitations } from "@/lib/organizations/invitations/queries";
import { foundOrganization, joinAs } from "@/lib/organizations/testing";
import { topicOf } from "./channels/push";
import { replayAll } from "./dead-letters/commands";
import { dueDeliveries } from "./deliveries/queries";
import { registerDevice } from "./devices/commands";
import { registerDeviceInput } from "./devices/inputs";
import { fanOut } from "./fan-out/commands";
import { inboxCount, inboxPage } from "./inbox/queries";
import { channels } from "./registry";
import { deliver } from "./sending/commands";
import { eventsAbout, mailFolder } from "./testing";

const MEMBERS = 8;
const GUESTS = 6;
const MEETINGS = 8;
const JOINERS = 40;
const EXPECTED = MEETINGS * (3 * MEMBERS + GUESTS) + JOINERS;
const WORKERS = 2;
const CHAOS_MS = 20_000;
/** On a busy machine processes start slowly: the storm lasts until half of it went out in it, but no longer than this. */
const CHAOS_MS_MAX = 45_000;

const seed = Number(process.env.CHAOS_SEED ?? Math.floor(Math.random() * 1e9));
const random = randomOf(seed);

const apiKey = "re_test_key";
const app = { id: "4711", key: "chaos-key", secret: "chaos-secret" };
const mail = await startMail({ port: 0, apiKey, dataDir: await mailFolder() });
const pusher = await startPusher({ port: 0, app });
const push = await startPush({ port: 0 });
let isStormy = true;
/** What Pusher accepted, in order. */
const published: { channel: string; data: { unread: number; version: number } }[] = [];
const mailRoad = await weatherBefore(mail.port);
const pusherRoad = await weatherBefore(pusher.port, (body) => {
  const { batch = [] } = JSON.parse(body) as { batch?: { channel: string; data: string }[] };
  published.push(...batch.map(({ channel, data }) => ({ channel, data: JSON.parse(data) as { unread: number; version: number } })));
});
const ecdh = createECDH("prime256v1");
const settings = {
  RESEND_API_KEY: apiKey,
  RESEND_BASE_URL: `http://127.0.0.1:${mailRoad.port}`,
  PUSHER_APP_ID: app.id,
  PUSHER_KEY: app.key,
  PUSHER_SECRET: app.secret,
  PUSHER_HOST: "127.0.0.1",
  PUSHER_PORT: String(pusherRoad.port),
  OUTBOUND_ALLOW: `127.0.0.1:${push.port}`,
  VAPID_PUBLIC_KEY: ecdh.generateKeys("base64url"),
  VAPID_PRIVATE_KEY: ecdh.getPrivateKey("base64url"),
};
useTestDatabase(settings);
afterAll(async () => {
  await Promise.all([mailRoad.close(), pusherRoad.close(), mail.close(), pusher.close(), push.close()]);
});

test(
  "providers that fail at random and processes that are killed: everybody is told once, on every channel",
  async () => {
    console.log(`seed ${seed} (repeat with CHAOS_SEED=${seed})`);
    const ada = (await foundOrganization("ada@here.example", "Here")).owner;
    const members: Member[] = [];
    const browsers = new Map<string, ReturnType<typeof push.newSubscription>>();
    for (let index = 0; index < MEMBERS; index += 1) {
      const member = await joinAs(ada, `m${index}@here.example`);
      const browser = push.newSubscription();
      await registerDevice(member, parseInput(registerDeviceInput, { kind: "webpush", ...browser.json }), null);
      members.push(member);
      browsers.set(member.id, browser);
    }
    const joiners = Array.from({ length: JOINERS }, (_, index) => `joiner${index}@out.example`);
    await inviteMembers(ada, parseInput(inviteMembersInput, { addresses: joiners.join("\n"), role: "member" }));
    const joining = (await pendingInvitations(ada)).map(({ id }) => id);

    const workers = Array.from({ length: WORKERS }, startWorker);
    await Promise.race(workers);
    const storm = setInterval(() => push.control(pushWeather()), 15);
    const meetings: string[] = [];
    let kills = 0;
    const telling = (async () => {
      for (const id of joining) await tell(id);
      for (let index = 0; index < MEETINGS; index += 1) {
        const attendees = [...members.map(({ id }) => ({ memberId: id })), ...Array.from({ length: GUESTS }, (_, guest) => ({ email: `guest${guest}@out.example` }))];
        const input = { title: `Plan ${index}`, startsAt: "2031-03-03T01:00:00Z", endsAt: "2031-03-03T02:00:00Z", timeZone: "Asia/Seoul", attendees };
        const { meetingId } = await scheduleMeeting(ada, parseInput(scheduleMeetingInput, input));
        meetings.push(meetingId);
        await tell(meetingId);
        await pause(random() * 1_500);
      }
    })();
    const began = performance.now();
    const lasted = () => performance.now() - began;
    while (lasted() < CHAOS_MS || (lasted() < CHAOS_MS_MAX && (await states("sent")).length < EXPECTED / 2)) {
      const [victim, child] = await Promise.race(workers.map(async (worker, index) => [index, await worker] as const));
      const before = await calls();
      await pause(200 + random() * 1_500);
      // However slow the machine is, whoever dies has done something.
      await expect.poll(calls, { timeout: 15_000 }).toBeGreaterThan(before).catch(() => undefined);
      await kill(child);
      kills += 1;
      workers[victim] = startWorker();
      // The one that has lived longest is next.
      workers.push(...workers.splice(victim, 1));
    }
    await telling;
    await Promise.all(workers.map(async (worker) => kill(await worker)));
    clearInterval(storm);
    isStormy = false;
    push.control({ mode: "ok" });

    console.log(`${await unsettled()} deliveries still wait when the weather clears, ${(await states("sent")).length} are sent`);
    // The weather clears. Time passes: leases lapse, waits end, and what was given up is sent again by an admin.
    for (let minutes = 1; minutes <= 9 && (await unsettled()) > 0; minutes += 1) {
      breakers().clear();
      await clock.at(new Date(Date.now() + minutes * 60_000), drain);
    }
    const dead = await states("failed");
    expect(new Set(dead.map(({ cause }) => cause))).toEqual(new Set(dead.length > 0 ? ["exhausted"] : []));
    const { replayed } = await replayAll(ada, {});
    await clock.at(new Date(Date.now() + 600_000), drain);
    expect(await unsettled()).toBe(0);
    expect(await states("failed")).toEqual([]);

    const deliveries = await states("sent");
    expect(deliveries).toHaveLength(EXPECTED);
    const mails = deliveries.filter(({ channel }) => channel === "email");
    expect(mails).toHaveLength(MEETINGS * (MEMBERS + GUESTS) + JOINERS);
    const addresses = [...members.map(({ email }) => email), ...Array.from({ length: GUESTS }, (_, guest) => `guest${guest}@out.example`), ...joiners];
    const stored = await Promise.all(addresses.map(async (to) => (await (await fetch(`${mail.url}/messages?to=${to}`)).json()) as { tags: { name: string; value: string }[] }[]));
    const arrived = stored.flat().map(({ tags }) => tags.find(({ name }) => name === "delivery")?.value ?? "");
    expect(arrived.sort()).toEqual(mails.map(({ id }) => id).sort());

    for (const member of members) {
      const { items } = await inboxPage(member, { limit: 100, tab: "all" });
      expect(items.map(({ subjectId }) => subjectId).filter((id) => meetings.includes(id)).sort()).toEqual([...meetings].sort());
    }

    const topics = members.flatMap(({ id }) => {
      const accepted = browsers.get(id)?.accepted.map(({ topic }) => topic) ?? [];
      expect(new Set(accepted)).toEqual(new Set(meetings.map(topicOf)));
      return accepted;
    });
    // No push service recognizes a repetition: it may come twice, replacing the first, and only where an answer is known to be missing.
    const doubled = topics.length - MEMBERS * MEETINGS;
    expect(doubled).toBeLessThanOrEqual(await unknownOutcomes("push"));

    for (const member of members) {
      const heard = published.filter(({ channel }) => channel.endsWith(member.id)).map(({ data }) => data);
      const newest = heard.reduce((first, data) => (data.version > first.version ? data : first));
      expect(newest.unread).toBe((await inboxCount(member)).unread);
    }
    console.log(
      `${kills} kills; ${deliveries.length} deliveries, ${mails.length} mails once each; ${doubled} pushes twice (${await unknownOutcomes("push")} answers missing); ` +
        `${replayed} dead letters replayed; ${await unknownOutcomes("email")} mail answers missing`,
    );

    async function tell(id: string): Promise<void> {
      // Every event comes five times, at once and in any order.
      for (const { name, envelope } of await eventsAbout(id)) {
        if (name.startsWith("meeting.") || name === "member.invited") await Promise.all(Array.from({ length: 5 }, () => fanOut(systemTenant(ada.organizationId), name, envelope)));
      }
    }

    async function drain(): Promise<void> {
      for (let round = 0; round < 20; round += 1) {
        const due = await dueDeliveries(10_000);
        if (due.length === 0) return;
        await Promise.all(due.map(({ organizationId, channel, deliveryIds }) => deliver(systemTenant(organizationId), channels[channel], deliveryIds, subjects, { sleep: async () => undefined })));
      }
    }
  },
  180_000,
);

const states = (state: string) =>
  asSystem("sweep", (tx) => tx.execute<{ id: string; channel: string; cause: string | null }>(sql`select id, channel, cause from deliveries where state = ${state}`));
const unsettled = async () =>
  Number((await asSystem("sweep", (tx) => tx.execute<{ count: string }>(sql`select count(*) from deliveries where state in ('pending', 'sending', 'held')`)))[0]?.count);
const unknownOutcomes = async (channel: string) =>
  Number(
    (
      await asSystem("sweep", (tx) =>
        tx.execute<{ count: string }>(sql`
          select count(*) from attempts join deliveries on deliveries.id = attempts.delivery_id
          where deliveries.channel = ${channel} and attempts.status_code is null and attempts.retryable`),
      )
    )[0]?.count,
  );

const calls = async () => Number((await asSystem("sweep", (tx) => tx.execute<{ count: string }>(sql`select count(*) from attempts`)))[0]?.count);

async function startWorker(): Promise<ChildProcess> {
  const child = spawn(process.execPath, ["--import", "tsx", "e2e/support/deliver-due.ts"], {
    env: { ...process.env, DATABASE_POOL: "6" },
    stdio: ["pipe", "pipe", "inherit"],
  });
  await Promise.race([
    once(createInterface({ input: child.stdout }), "line"),
    once(child, "exit").then(() => Promise.reject(new Error("a worker ended before it was ready"))),
  ]);
  return child;
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGKILL");
  await once(child, "exit");
}

type Weather = "fair" | "rate-limit" | "server-error" | "drop-before" | "drop-after" | "silence";

function weather(): Weather {
  const drawn = isStormy ? random() : 1;
  if (drawn < 0.08) return "rate-limit";
  if (drawn < 0.2) return "server-error";
  if (drawn < 0.26) return "drop-before";
  if (drawn < 0.36) return "drop-after";
  return drawn < 0.37 ? "silence" : "fair";
}

function pushWeather(): Parameters<typeof push.control>[0] {
  const drawn = weather();
  const modes = { fair: "ok", "rate-limit": "rate-limit", "server-error": "server-error", "drop-before": "drop-before-accept", "drop-after": "drop-after-accept", silence: "slow" } as const;
  return { mode: modes[drawn], count: 2, delayMs: 4_000 };
}

/** A road to an engine on which requests meet the weather of the day. */
async function weatherBefore(port: number, onAccepted: (body: string) => void = () => undefined): Promise<{ port: number; close(): Promise<void> }> {
  const forward = async (incoming: IncomingMessage, body: Buffer) => {
    const outgoing = ask({ host: "127.0.0.1", port, method: incoming.method, path: incoming.url, headers: incoming.headers });
    outgoing.end(body);
    const [answer] = (await once(outgoing, "response")) as [IncomingMessage];
    return { status: answer.statusCode ?? 502, headers: answer.headers, body: await bodyOf(answer) };
  };
  const handle = async (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const body = await bodyOf(incoming);
    const drawn = weather();
    if (drawn === "rate-limit") return void outgoing.writeHead(429, { "retry-after": "1" }).end('{"name":"rate_limit_exceeded","statusCode":429,"message":"slower"}');
    if (drawn === "server-error") return void outgoing.writeHead(500).end('{"name":"application_error","statusCode":500,"message":"unwell"}');
    if (drawn === "drop-before") return void incoming.socket.destroy();
    if (drawn === "silence") await pause(4_000);
    const answer = await forward(incoming, body);
    if (answer.status === 200 && incoming.method === "POST") onAccepted(body.toString());
    if (drawn === "drop-after") return void incoming.socket.destroy();
    outgoing.writeHead(answer.status, answer.headers).end(answer.body);
  };
  const server = createServer((incoming, outgoing) => void handle(incoming, outgoing).catch(() => outgoing.destroy()));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function bodyOf(message: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of message as AsyncIterable<Buffer>) parts.push(part);
  return Buffer.concat(parts);
}

function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
