// Uploads through signed addresses beside a bare PUT into a file, and what the application adds before and after each.
import { randomBytes } from "node:crypto";
import { readdirSync, rmSync } from "node:fs";
import { Agent, request } from "node:http";
import { join } from "node:path";
import { beginUpload, completeUpload, deleteMedia } from "@/lib/feed/media/commands";
import { closeDatabase } from "@/lib/platform/db/client";
import { deleteStored, signedUpload } from "@/lib/platform/storage";
import { distribution } from "./measuring/distribution";
import { startFloorProcess } from "./measuring/floor-http-process";
import { actAsInstance, readInstance } from "./measuring/instance";
import { memberNamed } from "./measuring/people";
import { ms, perSecond, printTable, share, times } from "./measuring/table";

const kilobyte = 1_000;
const megabyte = 1_000_000;
/** [title, bytes, uploads of a round, of them at once, uploads through the application] */
const sizes = [
  ["100 kB, one at a time", 100 * kilobyte, 100, 1, 30],
  ["100 kB, 8 at once", 100 * kilobyte, 200, 8, 0],
  ["5 MB, one at a time", 5 * megabyte, 12, 1, 10],
  ["5 MB, 4 at once", 5 * megabyte, 16, 4, 0],
  ["50 MB, one at a time", 50 * megabyte, 3, 1, 3],
] as const;
const rounds = 3;

const instance = readInstance();
actAsInstance(instance);
const folder = join(process.env.MOIM_DATA ?? ".moim-bench", "bench-put");
const floor = await startFloorProcess("floor-put.ts", { PUT_FOLDER: folder });
const agent = new Agent({ keepAlive: true, maxSockets: 8 });

interface Target {
  url: string;
  method: string;
  headers: Record<string, string>;
}

function put({ url, method, headers }: Target, body: Buffer): Promise<void> {
  return new Promise((done, fail) => {
    const sent = request(url, { method, agent, headers: { ...headers, "content-length": body.length } }, (answer) => {
      answer.resume().on("end", () => (answer.statusCode === 200 ? done() : fail(new Error(`answered ${answer.statusCode}`))));
    });
    sent.on("error", fail).end(body);
  });
}

/** Uploads a second, so many under way at once. */
async function rate(targets: Target[], body: Buffer, atOnce: number): Promise<number> {
  const left = targets.values();
  const startedAt = performance.now();
  await Promise.all(Array.from({ length: atOnce }, async () => {
    for (const target of left) await put(target, body);
  }));
  return (targets.length / (performance.now() - startedAt)) * 1000;
}

/** The best of some rounds, taken in turns: what else the machine does slows single rounds, of any of them. */
async function bestOf(body: Buffer, count: number, atOnce: number) {
  const best = { signed: 0, bare: 0, synced: 0 };
  for (let round = 0; round < rounds; round += 1) {
    const keys = Array.from({ length: count }, (_, index) => `bench/${round}-${index}`);
    // Signing is the application's part, which is measured below.
    const signed = await Promise.all(keys.map((key) => signedUpload({ key, type: "application/octet-stream", bytes: body.length, expiresInSeconds: 900 })));
    const bare = (path: string): Target[] => keys.map(() => ({ url: `${floor.origin}${path}`, method: "PUT", headers: {} }));
    best.bare = Math.max(best.bare, await rate(bare("/"), body, atOnce));
    best.synced = Math.max(best.synced, await rate(bare("/synced"), body, atOnce));
    best.signed = Math.max(best.signed, await rate(signed, body, atOnce));
    await deleteStored(keys);
    for (const name of readdirSync(folder)) rmSync(join(folder, name));
  }
  return best;
}

const ada = await memberNamed("ada");

/** From the wish to upload until it is the member's own: asked for, sent, completed. */
async function whole(body: Buffer, count: number) {
  const took: { begin: number[]; send: number[]; complete: number[] } = { begin: [], send: [], complete: [] };
  for (let index = 0; index < count; index += 1) {
    const at = [performance.now()];
    const { id, upload } = await beginUpload(ada, { fileName: `bench-${index}.bin`, type: "application/octet-stream", bytes: body.length });
    at.push(performance.now());
    await put(upload, body);
    at.push(performance.now());
    await completeUpload(ada, id);
    at.push(performance.now());
    const [asked = 0, begun = 0, sent = 0, completed = 0] = at;
    took.begin.push(begun - asked);
    took.send.push(sent - begun);
    took.complete.push(completed - sent);
    await deleteMedia(ada, id);
  }
  return { begin: distribution(took.begin).p50, send: distribution(took.send).p50, complete: distribution(took.complete).p50 };
}

const rows: (string | number)[][] = [];
const parts: (string | number)[][] = [];
for (const [title, bytes, count, atOnce, throughApp] of sizes) {
  const body = randomBytes(bytes);
  const shown = (uploads: number) => (bytes < megabyte ? perSecond(uploads) : `${Math.round((uploads * bytes) / megabyte)} MB/s`);
  const { signed, bare, synced } = await bestOf(body, count, atOnce);
  rows.push([title, shown(signed), shown(bare), share(signed, bare), shown(synced), share(signed, synced)]);
  if (throughApp === 0) continue;
  await whole(body, 1);
  const { begin, send, complete } = await whole(body, throughApp);
  parts.push([title, ms(begin), ms(send), ms(complete), times(begin + send + complete, 1000 / synced)]);
}
printTable("Uploads through signed addresses", ["", "signed PUT", "bare PUT to a file", "share", "bare PUT, synced", "share"], rows, [
  "The storage proves who asks, hashes what comes, and answers when the disk has it; the bare ones do none of that, or only wait for the disk.",
]);
printTable("An upload as a member makes it, one after the other, p50", ["", "begin", "send", "complete", "whole, beside the bare synced PUT"], parts, [
  "complete copies within the storage, so that nobody can change what was looked at.",
]);
rmSync(folder, { recursive: true, force: true });
floor.stop();
agent.destroy();
await closeDatabase();
process.exit();
