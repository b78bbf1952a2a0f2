// Pushes per second to browsers, beside the stock library on the same messages and the same receiver, which runs in a process of its own.
import { fork } from "node:child_process";
import { createECDH } from "node:crypto";
import { Agent } from "node:https";
import { connect } from "node:net";
import webpush from "web-push";
import type { Push } from "@/lib/platform/push-message";
import { perSecond, printTable, times } from "./measuring/table";
import type { Received, Subscribed } from "./measuring/push-receiver";

const pushes = 2_000;
const warmUp = 100;
const rounds = 3;
const browsers = 200;

const ecdh = createECDH("prime256v1");
const vapid = { publicKey: ecdh.generateKeys("base64url"), privateKey: ecdh.getPrivateKey("base64url") };
const receiver = fork(new URL("./measuring/push-receiver.ts", import.meta.url), [String(browsers)], { execArgv: ["--import", "tsx"] });
const subscribed = await new Promise<Subscribed>((ready) => receiver.once("message", (message) => ready(message as Subscribed)));

// The product reads its settings when it is first used.
Object.assign(process.env, {
  VAPID_PUBLIC_KEY: vapid.publicKey,
  VAPID_PRIVATE_KEY: vapid.privateKey,
  OUTBOUND_ALLOW: subscribed.host,
  DATABASE_URL: process.env.DATABASE_URL ?? "postgres://nobody@127.0.0.1:1/none",
  NEXTAUTH_SECRET: "a-session-secret-of-the-bench",
  LINK_SECRET: "a-link-secret-of-the-bench", ENCRYPTION_KEYS: "test:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
  RESEND_API_KEY: "re_bench",
  PUSHER_APP_ID: "1",
  PUSHER_KEY: "k",
  PUSHER_SECRET: "s",
});
const { sendPush } = await import("@/lib/platform/push");

const push: Push = {
  notice: {
    title: "Weekly planning",
    body: "Ada Sinclair invites you · Monday, March 3, 10:00 AM",
    url: "/atelier/meetings/mtg_01m7ythj39f6d9edwcyks8kghv",
    tag: "0mBvuBY--vqhV01qxtg1sclGZiFwOomO",
    receiverId: "rcv_01m7ythj39f6d9edwcyks8kghv",
    organization: "atelier",
    at: 1_795_000_000_000,
    badge: { unread: 12, version: 3_215_360 },
  },
  ttlSeconds: 86_400,
  topic: "0mBvuBY--vqhV01qxtg1sclGZiFwOomO",
  urgency: "normal",
};

async function ours(index: number): Promise<void> {
  const { endpoint, keys } = subscriptionOf(index);
  const answer = await sendPush({ kind: "webpush", endpoint, ...keys }, push);
  if (!answer.ok) throw new Error(answer.answer);
}

/** The library speaks TLS only. What it would cost is left out, for its sake: the receiver is plain, and its connections are kept. */
const plain = new Agent({ keepAlive: true, maxSockets: 64 });
plain.createConnection = (options) => connect({ host: options.host ?? "127.0.0.1", port: Number(options.port) });

async function stock(index: number): Promise<void> {
  await webpush.sendNotification(subscriptionOf(index), JSON.stringify(push.notice), {
    TTL: push.ttlSeconds,
    topic: push.topic ?? undefined,
    urgency: push.urgency,
    agent: plain,
    vapidDetails: { subject: "mailto:moim@moim.example", ...vapid },
  });
}

function subscriptionOf(index: number) {
  const subscription = subscribed.subscriptions[index % subscribed.subscriptions.length];
  if (!subscription) throw new Error("no subscription");
  return subscription;
}

/** Sends a second, with `atOnce` under way. */
async function rate(send: (index: number) => Promise<void>, atOnce: number, count: number): Promise<number> {
  let next = 0;
  const lane = async () => {
    while (next < count) await send(next++);
  };
  const since = performance.now();
  await Promise.all(Array.from({ length: atOnce }, lane));
  return count / ((performance.now() - since) / 1000);
}

/** The best of some rounds, taken in turns: what else the machine does slows single rounds, of either. */
async function best(atOnce: number): Promise<{ ours: number; stock: number }> {
  const figures = { ours: 0, stock: 0 };
  for (let round = 0; round < rounds; round += 1) {
    figures.stock = Math.max(figures.stock, await rate(stock, atOnce, pushes / 4));
    figures.ours = Math.max(figures.ours, await rate(ours, atOnce, pushes));
  }
  return figures;
}

await rate(stock, 4, warmUp);
await rate(ours, 4, warmUp);
const rows: (string | number)[][] = [];
for (const atOnce of [1, 16, 50]) {
  const figures = await best(atOnce);
  rows.push([`${atOnce} at once`, perSecond(figures.ours), perSecond(figures.stock), times(figures.ours, figures.stock)]);
}
printTable(`Web Push: sends a second to ${browsers} browsers`, ["", "sendPush", "webpush.sendNotification", "ratio"], rows, [
  "Both encrypt for each browser and keep their connections; the library signs for each push, sendPush once an origin and half a day.",
]);
const received = await new Promise<Received>((told) => {
  receiver.once("message", (message) => told(message as Received));
  receiver.send("told");
});
if (!received.readable) throw new Error("a push could not be decrypted");
receiver.disconnect();
process.exit();
