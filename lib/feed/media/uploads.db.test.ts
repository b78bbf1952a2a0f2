import { randomBytes } from "node:crypto";
import { crc32 } from "node:zlib";
import { and, eq, sql } from "drizzle-orm";
import sharp from "sharp";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { startStorage } from "@/local/storage/testing";
import { clock } from "@/lib/platform/clock";
import { asSystem } from "@/lib/platform/db/client";
import { useTestDatabase } from "@/lib/platform/db/use-test-database";
import { Refused } from "@/lib/platform/errors";
import { outboxEvents } from "@/lib/platform/outbox/tables";
import { limitRate } from "@/lib/platform/rate-limit";
import { listStored, putStored, readStored } from "@/lib/platform/storage";
import type { Member } from "@/lib/organizations/actor";
import { foundOrganization, joinAs } from "@/lib/organizations/testing";
import { beginUpload, completeUpload, deleteMedia, describeMedia } from "./commands";
import { discardBytes, processMedia } from "./making/commands";
import { mediaAt, quotaOf } from "./queries";
import { incomingKey } from "./rules";
import { mediaAddress } from "./serving/queries";
import { askAgain, deleteOrphans, giveUpHopeless, giveUpUploads } from "./sweeping/commands";
import { storageUsage } from "./tables";
import { accounts, begun, putBytes, ready, rowOf, uploaded } from "./testing";

/** The next call of a function of the storage fails, before it does anything or after it did it; or something else happens just before it. */
const failing = vi.hoisted(() => ({ next: null as { name: string; when: "before" | "after"; skip: number; meanwhile?: () => Promise<unknown> } | null }));
vi.mock("@/lib/platform/storage", async (original) => {
  const real = await original<Record<string, unknown>>();
  const wrapped = Object.entries(real).map(([name, value]) => {
    if (typeof value !== "function" || name === "ObjectGone") return [name, value];
    return [
      name,
      (...given: unknown[]): unknown => {
        const fault = failing.next?.name === name ? failing.next : null;
        if (!fault) return value(...given);
        if ((fault.skip -= 1) >= 0) return value(...given);
        failing.next = null;
        if (fault.meanwhile) return fault.meanwhile().then(() => value(...given));
        if (fault.when === "before") return Promise.reject(new Error("the process died"));
        return Promise.resolve(value(...given)).then(() => Promise.reject(new Error("the process died")));
      },
    ];
  });
  return Object.fromEntries(wrapped) as typeof real;
});

const storage = await startStorage();
useTestDatabase({ MEDIA_QUOTA_MB: "200", MEDIA_FILE_MB: "60" });
afterAll(() => storage.stop());

let ada: Member;
let bora: Member;
let stranger: Member;
beforeAll(async () => {
  ada = (await foundOrganization("ada@here.example", "Here")).owner;
  bora = await joinAs(ada, "bora@here.example");
  stranger = (await foundOrganization("sid@there.example", "There")).owner;
});
afterEach(async () => {
  failing.next = null;
  const { counted, summed } = await accounts(ada.organizationId);
  expect(counted).toEqual(summed);
});

const refusal = async (work: Promise<unknown>) => {
  const error: unknown = await work.then(
    () => "went through",
    (reason: unknown) => reason,
  );
  if (!(error instanceof Refused)) throw new Error(`expected a refusal, got ${String(error)}`);
  return error;
};
const code = async (work: Promise<unknown>) => (await refusal(work)).code;
const keysOf = async (id: string) => (await listStored("")).objects.map(({ key }) => key).filter((key) => key.includes(id));

const photo = (width = 1200, height = 800) =>
  sharp({ create: { width, height, channels: 3, background: "#3a7" } })
    .jpeg()
    .withExif({ IFD0: { Orientation: "6", Make: "Camera", Artist: "Ada" }, IFD3: { GPSLatitude: "51/1 30/1 0/1", GPSLatitudeRef: "N" } })
    .withMetadata({ orientation: 6 })
    .toBuffer();

/** A PNG whose header says what one likes. */
function pngHeader(width: number, height: number): Buffer {
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
    const head = Buffer.alloc(4);
    head.writeUInt32BE(data.byteLength);
    const sum = Buffer.alloc(4);
    sum.writeUInt32BE(crc32(body));
    return Buffer.concat([head, body, sum]);
  };
  const size = Buffer.alloc(13);
  size.writeUInt32BE(width, 0);
  size.writeUInt32BE(height, 4);
  size.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([Buffer.from("89504e470d0a1a0a", "hex"), chunk("IHDR", size), chunk("IDAT", Buffer.from("789c63000100000500010d0a2db4", "hex")), chunk("IEND", Buffer.alloc(0))]);
}

describe("a picture", () => {
  test("arrives, loses what it knew about its place and its camera, stands upright and gets its sizes", async () => {
    const bytes = await photo();
    expect((await sharp(bytes).metadata()).exif).toBeDefined();
    const view = await uploaded(ada, bytes, "image/jpeg", "on the hill.jpg");
    expect(view).toMatchObject({ state: "processing", kind: "image", width: 800, height: 1200, fileName: "on the hill.jpg" });

    expect(await processMedia(ada, view.id)).toBe("ready");
    const made = await mediaAt(ada, view.id);
    expect(made).toMatchObject({ state: "ready", width: 800, height: 1200, type: "image/jpeg" });
    expect(made.variants.map(({ name, width, height }) => [name, width, height])).toEqual([
      ["thumb", 320, 480],
      ["medium", 800, 1200],
      ["original", 800, 1200],
    ]);
    expect(made.placeholder).toMatch(/^data:image\/webp;base64,/);
    expect(made.placeholder?.length).toBeLessThanOrEqual(300);
    for (const { name } of made.variants) {
      const { exif, icc, xmp, iptc, orientation } = await sharp(await readStored(`${ada.organizationId}/${view.id}/${name}`)).metadata();
      expect([exif, icc, xmp, iptc, orientation ?? 1], name).toEqual([undefined, undefined, undefined, undefined, 1]);
    }
    // Neither what came in nor what was looked at stays: it knows where it was taken.
    expect(await keysOf(view.id)).toEqual(["medium", "original", "thumb"].map((name) => `${ada.organizationId}/${view.id}/${name}`));
  });

  test("that moves keeps moving, and has a still", async () => {
    const frames = await Promise.all(["red", "green", "blue"].map((background) => sharp({ create: { width: 400, height: 300, channels: 3, background } }).png().toBuffer()));
    const gif = await sharp(frames, { join: { animated: true } }).gif({ delay: [100, 100, 100] }).toBuffer();
    const { id } = await ready(ada, gif, "image/gif", "wave.gif");
    const made = await mediaAt(ada, id);
    expect(made.variants).toEqual([
      { name: "thumb", width: 320, height: 240 },
      { name: "original", width: 400, height: 300 },
    ]);
    expect((await sharp(await readStored(`${ada.organizationId}/${id}/original`)).metadata()).pages).toBe(3);
    expect((await sharp(await readStored(`${ada.organizationId}/${id}/thumb`)).metadata()).pages ?? 1).toBe(1);
  });

  test.each([
    ["SVG", "image/png", Buffer.from(`<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`), "not-a-picture"],
    ["HTML", "image/jpeg", Buffer.from("<!doctype html><script>alert(1)</script>"), "not-a-picture"],
    ["a zip", "image/webp", Buffer.from("504b0304140000000800", "hex"), "not-a-picture"],
    ["words as sound", "audio/mpeg", Buffer.from("la la la"), "not-what-it-says"],
    ["a picture as video", "video/mp4", pngHeader(1, 1), "not-what-it-says"],
    ["a small file that claims 3.6 billion pixels", "image/png", pngHeader(60_000, 60_000), "too-many-pixels"],
  ])("%s as %s is refused, and nothing of it stays", async (_what, type, bytes, why) => {
    const { id, upload } = await begun(ada, bytes, type);
    await putBytes(upload, bytes);
    const refused = await refusal(completeUpload(ada, id));
    expect([refused.code, refused.extra.refusal]).toEqual(["MEDIA_REFUSED", why]);
    // Asked again it answers the same.
    expect((await refusal(completeUpload(ada, id))).extra.refusal).toBe(why);
    await discardBytes(ada, [id]);
    expect(await keysOf(id)).toEqual([]);
    expect(await code(mediaAddress(ada, id, "original"))).toBe("NOT_FOUND");
  });

  test("that is broken inside is refused when it is opened, and takes no room any more", async () => {
    const broken = await sharp(randomBytes(300 * 300 * 3), { raw: { width: 300, height: 300, channels: 3 } }).png().toBuffer();
    broken.fill(0x41, broken.indexOf("IDAT") + 200, broken.byteLength - 20);
    const before = (await quotaOf(ada)).usedBytes;
    const { id } = await uploaded(ada, broken, "image/png");
    expect(await processMedia(ada, id)).toBe("refused");
    expect((await rowOf(id))?.refusal).toBe("unreadable");
    expect((await quotaOf(ada)).usedBytes).toBe(before);
    expect(await keysOf(id)).toEqual([]);
  });

  test("with more frames than are taken is refused", async () => {
    const frame = await sharp({ create: { width: 2, height: 2, channels: 3, background: "red" } }).png().toBuffer();
    const other = await sharp({ create: { width: 2, height: 2, channels: 3, background: "blue" } }).png().toBuffer();
    const gif = await sharp(Array.from({ length: 520 }, (_, at) => (at % 2 ? frame : other)), { join: { animated: true } }).gif({ delay: Array(520).fill(20) }).toBuffer();
    const { id, upload } = await begun(ada, gif, "image/gif");
    await putBytes(upload, gif);
    expect((await refusal(completeUpload(ada, id))).extra.refusal).toBe("too-many-frames");
  });
});

describe("an upload", () => {
  test("is its uploader's alone until something shows it", async () => {
    const bytes = await photo(40, 40);
    const { id, upload } = await begun(ada, bytes, "image/jpeg");
    await putBytes(upload, bytes);
    for (const other of [bora, stranger]) {
      expect(await code(completeUpload(other, id))).toBe("NOT_FOUND");
      expect(await code(mediaAt(other, id))).toBe("NOT_FOUND");
      expect(await code(describeMedia(other, id, { alt: "mine" }))).toBe("NOT_FOUND");
      expect(await code(deleteMedia(other, id))).toBe("NOT_FOUND");
    }
    await completeUpload(ada, id);
    await processMedia(ada, id);
    expect(await code(mediaAddress(bora, id, "thumb"))).toBe("NOT_FOUND");
    expect((await describeMedia(ada, id, { alt: "A hill" })).alt).toBe("A hill");
  });

  test("cannot be completed before its bytes are there; then once, however often it is asked", async () => {
    const bytes = await photo(40, 40);
    const { id, upload } = await begun(ada, bytes, "image/jpeg");
    expect(await code(completeUpload(ada, id))).toBe("UPLOAD_INCOMPLETE");
    await putBytes(upload, bytes);
    const [one, other, third] = await Promise.all([completeUpload(ada, id), completeUpload(ada, id), completeUpload(ada, id)]);
    expect(one).toEqual(other);
    expect(third).toEqual(await completeUpload(ada, id));
    const told = await asSystem("demo", (tx) =>
      tx.select().from(outboxEvents).where(and(eq(outboxEvents.name, "media.uploaded"), sql`${outboxEvents.payload} ->> 'mediaId' = ${id}`)),
    );
    expect(told).toHaveLength(1);
  });

  test.each(["storedObject", "copyStored", "readStored"] as const)("that somebody else took and made just before %s is answered as what it came to", async (name) => {
    const bytes = await photo(60, 40);
    const { id, upload } = await begun(ada, bytes, "image/jpeg");
    await putBytes(upload, bytes);
    failing.next = { name, when: "before", skip: 0, meanwhile: () => completeUpload(ada, id).then(() => processMedia(ada, id)) };
    expect(await completeUpload(ada, id)).toMatchObject({ id, state: "ready" });
  });

  test.each(["storedObject", "copyStored", "readStored"] as const)("that is given up or deleted just before %s says so", async (name) => {
    const bytes = await photo(60, 40);
    const late = await begun(ada, bytes, "image/jpeg");
    await putBytes(late.upload, bytes);
    const givenUp = () => clock.at(new Date(Date.now() + 17 * 60_000), giveUpUploads).then(() => discardBytes(ada, [late.id]));
    failing.next = { name, when: "before", skip: 0, meanwhile: givenUp };
    expect(await code(completeUpload(ada, late.id))).toBe("UPLOAD_EXPIRED");
    const deleted = await begun(ada, bytes, "image/jpeg");
    await putBytes(deleted.upload, bytes);
    failing.next = { name, when: "before", skip: 0, meanwhile: () => deleteMedia(ada, deleted.id).then(() => discardBytes(ada, [deleted.id])) };
    expect(await code(completeUpload(ada, deleted.id))).toBe("NOT_FOUND");
  });

  test("begun twice with one key is one upload, and promised room once", async () => {
    const before = (await quotaOf(ada)).reservedBytes;
    const input = { fileName: "a.png", type: "image/png", bytes: 1000 };
    const [one, other] = await Promise.all([1, 2].map(() => beginUpload(ada, input, { idempotencyKey: "the same" })));
    expect(one?.id).toBe(other?.id);
    expect((await quotaOf(ada)).reservedBytes - before).toBe(1000);
    expect(await code(beginUpload(ada, { ...input, bytes: 2000 }, { idempotencyKey: "the same" }))).toBe("IDEMPOTENCY_MISMATCH");
  });

  test("takes neither more nor fewer bytes than were announced, another type or another place", async () => {
    const bytes = Buffer.from("exactly these");
    const { id, upload } = await begun(ada, bytes, "text/plain");
    expect((await putBytes(upload, Buffer.concat([bytes, bytes]))).status).toBe(403);
    expect((await putBytes(upload, bytes.subarray(1))).status).toBe(403);
    expect((await putBytes({ ...upload, headers: { "Content-Type": "text/html" } }, bytes)).status).toBe(403);
    const victim = await begun(bora, bytes, "text/plain");
    expect((await putBytes({ ...upload, url: upload.url.replace(id, victim.id) }, bytes)).status).toBe(403);
    expect(await code(completeUpload(bora, victim.id))).toBe("UPLOAD_INCOMPLETE");

    // Should a storage let another size pass, it is seen when it is completed.
    await putStored(incomingKey({ organizationId: ada.organizationId, id }), Buffer.from("something else"), { type: "text/plain", bytes: 14 });
    expect((await refusal(completeUpload(ada, id))).extra.refusal).toBe("wrong-size");
  });

  test("whose URL is used again after it was taken changes nothing of what is served", async () => {
    const bytes = Buffer.from("the first words");
    const { id, upload } = await begun(ada, bytes, "text/plain", "words.txt");
    await putBytes(upload, bytes);
    await completeUpload(ada, id);
    expect((await putBytes(upload, Buffer.from("the other words"))).status).toBe(200);
    await processMedia(ada, id);
    expect(await (await fetch(await mediaAddress(ada, id, "original"))).text()).toBe("the first words");
    await putBytes(upload, Buffer.from("the other words"));
    await deleteOrphans("incoming/");
    expect((await keysOf(id)).filter((key) => key.startsWith("incoming/"))).toEqual([]);
    expect(await (await fetch(await mediaAddress(ada, id, "original"))).text()).toBe("the first words");
  });

  test("that never arrives is given up after its time: its room is free, its bytes go, and completing it says so", async () => {
    const bytes = Buffer.alloc(5000, 1);
    const { id, upload } = await begun(ada, bytes, "application/pdf");
    await putBytes(upload, bytes);
    const later = new Date(Date.now() + 17 * 60_000);
    expect(await clock.at(later, () => code(completeUpload(ada, id)))).toBe("UPLOAD_EXPIRED");
    expect((await rowOf(id))?.state).toBe("pending");
    await clock.at(later, giveUpUploads);
    expect((await rowOf(id))?.state).toBe("refused");
    expect((await quotaOf(ada)).reservedBytes).toBe(0);
    await discardBytes(ada, [id]);
    expect(await keysOf(id)).toEqual([]);
    expect(await code(completeUpload(ada, id))).toBe("UPLOAD_EXPIRED");
  });

  test("of a large file may still be completed when its URL can no longer be begun with", async () => {
    const { id } = await beginUpload(ada, { fileName: "long.bin", type: "", bytes: 50 * 1024 * 1024 });
    await clock.at(new Date(Date.now() + 25 * 60_000), giveUpUploads);
    expect((await rowOf(id))?.state).toBe("pending");
    await deleteMedia(ada, id);
  });

  test("is one of so many in ten minutes", async () => {
    const eager = await joinAs(ada, "eager@here.example");
    await limitRate(`media:${eager.id}`, 300, 600, 300);
    expect(await code(beginUpload(eager, { fileName: "a", type: "", bytes: 1 }))).toBe("TOO_MANY_REQUESTS");
  });

  test("is looked at so often a minute while it is not taken, and answered as often as somebody asks afterwards", async () => {
    const bytes = await photo(40, 40);
    const { id, upload } = await begun(ada, bytes, "image/jpeg");
    await putBytes(upload, bytes);
    await limitRate(`media-complete:${id}`, 20, 60, 20);
    expect(await code(completeUpload(ada, id))).toBe("TOO_MANY_REQUESTS");
    await clock.at(new Date(Date.now() + 60_000), async () => {
      const taken = await completeUpload(ada, id);
      await limitRate(`media-complete:${id}`, 20, 60, 19);
      expect(await completeUpload(ada, id)).toEqual(taken);
    });
  });

  test("larger than one file may be, or than a picture may be, is refused before anything is promised", async () => {
    const tooLarge = await refusal(beginUpload(ada, { fileName: "a", type: "video/mp4", bytes: 61 * 1024 * 1024 }));
    expect([tooLarge.fields[0]?.code, tooLarge.extra.bytesMax]).toEqual(["file-too-large", 60 * 1024 * 1024]);
    expect((await refusal(beginUpload(ada, { fileName: "a", type: "image/png", bytes: 51 * 1024 * 1024 }))).fields[0]?.code).toBe("file-too-large");
  });
});

describe("what is only a file", () => {
  test.each([
    ["page.html", "text/html", "<script>alert(1)</script>"],
    ["drawing.svg", "image/svg+xml", `<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`],
    ["feed.xml", "application/xml", "<a/>"],
  ])("%s is never shown, only downloaded as bytes", async (fileName, type, words) => {
    const { id } = await ready(ada, Buffer.from(words), type, fileName);
    const answer = await fetch(await mediaAddress(ada, id, "original"));
    expect(await answer.text()).toBe(words);
    expect(answer.headers.get("content-type")).toBe("application/octet-stream");
    expect(answer.headers.get("content-disposition")).toMatch(new RegExp(`^attachment;.*${fileName}`));
  });
});

describe("the quota", () => {
  test("is decided at the last byte, with twenty at once", async () => {
    const owner = (await foundOrganization("quota@full.example", "Full")).owner;
    await asSystem("demo", (tx) => tx.insert(storageUsage).values({ organizationId: owner.organizationId, quotaBytes: 1003 }));
    const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => beginUpload(owner, { fileName: "a", type: "", bytes: 100 })));
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(10);
    expect(new Set(outcomes.flatMap((outcome) => (outcome.status === "rejected" ? [(outcome.reason as Refused).code] : [])))).toEqual(new Set(["QUOTA_FULL"]));
    const refused = await refusal(beginUpload(owner, { fileName: "a", type: "", bytes: 4 }));
    expect(refused.extra).toEqual({ usedBytes: 0, reservedBytes: 1000, quotaBytes: 1003 });
    const last = await beginUpload(owner, { fileName: "a", type: "", bytes: 3 });
    await deleteMedia(owner, last.id);
    const { counted, summed } = await accounts(owner.organizationId);
    expect(counted).toEqual(summed);
    expect(counted).toEqual({ used: 0, reserved: 1000 });
  });

  test("counts what is stored with all its sizes, and gives it back when it is deleted", async () => {
    const before = await quotaOf(ada);
    const { id } = await ready(ada, await photo(500, 400), "image/jpeg");
    const during = (await rowOf(id))?.storedBytes ?? 0;
    const stored = (await listStored(`${ada.organizationId}/${id}/`)).objects.reduce((sum, { bytes }) => sum + bytes, 0);
    expect(during).toBe(stored);
    expect((await quotaOf(ada)).usedBytes - before.usedBytes).toBe(stored);
    await deleteMedia(ada, id);
    expect((await quotaOf(ada)).usedBytes).toBe(before.usedBytes);
    await discardBytes(ada, [id]);
    expect(await keysOf(id)).toEqual([]);
  });
});

describe("a process that dies", () => {
  const steps = (["storedObject", "copyStored", "readStored"] as const).flatMap((name) => (["before", "after"] as const).map((when) => [name, when] as const));
  test.each(steps)("at %s (%s) while completing leaves an upload that can be completed", async (name, when) => {
    const bytes = await photo(60, 40);
    const { id, upload } = await begun(ada, bytes, "image/jpeg");
    await putBytes(upload, bytes);
    failing.next = { name, when, skip: 0 };
    await expect(completeUpload(ada, id)).rejects.toThrow("the process died");
    const { counted, summed } = await accounts(ada.organizationId);
    expect(counted).toEqual(summed);
    expect((await completeUpload(ada, id)).state).toBe("processing");
  });

  test("after it copied, never to come back, leaves bytes that the sweeps take away", async () => {
    const bytes = await photo(60, 40);
    const { id, upload } = await begun(ada, bytes, "image/jpeg");
    await putBytes(upload, bytes);
    failing.next = { name: "copyStored", when: "after", skip: 0 };
    await expect(completeUpload(ada, id)).rejects.toThrow("the process died");
    expect(await keysOf(id)).toHaveLength(2);
    await deleteOrphans("");
    // It may still be completed: not yet.
    expect(await keysOf(id)).toHaveLength(2);
    await clock.at(new Date(Date.now() + 17 * 60_000), giveUpUploads);
    await deleteOrphans("");
    expect(await keysOf(id)).toEqual([]);
  });

  const making = (["readStored", "listStored", "deleteStored"] as const).flatMap((name) => (["before", "after"] as const).map((when) => [name, when, 0] as const));
  test.each([...making, ["putStored", "before", 0], ["putStored", "after", 1], ["putStored", "before", 2]] as const)("at %s (%s, %i) while making sizes is made good by the next run", async (name, when, skip) => {
    const { id } = await uploaded(ada, await photo(500, 400), "image/jpeg");
    failing.next = { name, when, skip };
    await expect(processMedia(ada, id)).rejects.toThrow("the process died");
    const { counted, summed } = await accounts(ada.organizationId);
    expect(counted).toEqual(summed);
    expect(await processMedia(ada, id)).toBe("ready");
    const made = await rowOf(id);
    const stored = (await listStored(`${ada.organizationId}/${id}/`)).objects;
    expect(stored.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(made?.storedBytes);
    expect(await keysOf(id)).toHaveLength(3);
  });

  test("twice at the same picture makes it once", async () => {
    const { id } = await uploaded(ada, await photo(500, 400), "image/jpeg");
    await Promise.all([processMedia(ada, id), processMedia(ada, id), processMedia(ada, id)]);
    expect((await rowOf(id))?.state).toBe("ready");
    expect(await keysOf(id)).toHaveLength(3);
  });

  test("while it is deleted leaves nothing", async () => {
    const { id } = await uploaded(ada, await photo(500, 400), "image/jpeg");
    await Promise.all([processMedia(ada, id), deleteMedia(ada, id)]);
    await processMedia(ada, id);
    await discardBytes(ada, [id]);
    expect(await keysOf(id)).toEqual([]);
    expect(await rowOf(id)).toBeUndefined();
  });
});

describe("what is late", () => {
  test("is asked for again, and given up after a day", async () => {
    const { id } = await uploaded(ada, await photo(50, 40), "image/jpeg");
    const askedFor = async () =>
      (await asSystem("demo", (tx) => tx.select().from(outboxEvents).where(and(eq(outboxEvents.name, "media.uploaded"), sql`${outboxEvents.payload} ->> 'mediaId' = ${id}`)))).length;
    await clock.at(new Date(Date.now() + 10 * 60_000), askAgain);
    expect(await askedFor()).toBe(1);
    await clock.at(new Date(Date.now() + 20 * 60_000), askAgain);
    expect(await askedFor()).toBe(2);
    await clock.at(new Date(Date.now() + 23 * 3600_000), giveUpHopeless);
    expect((await rowOf(id))?.state).toBe("processing");
    await clock.at(new Date(Date.now() + 25 * 3600_000), giveUpHopeless);
    expect(await rowOf(id)).toMatchObject({ state: "refused", refusal: "unreadable", storedBytes: 0 });
  });

  test("because the storage is away is neither asked for nor given up, and has an hour once it is back", async () => {
    const { id } = await uploaded(ada, await photo(50, 40), "image/jpeg");
    const hours = (count: number) => new Date(Date.now() + count * 3600_000);
    const whileAway = async (work: () => Promise<number>) => {
      failing.next = { name: "pingStorage", when: "before", skip: 0 };
      return clock.at(hours(30), work);
    };
    expect(await whileAway(askAgain)).toBe(0);
    expect(await whileAway(giveUpHopeless)).toBe(0);
    await clock.at(hours(30), giveUpHopeless);
    expect((await rowOf(id))?.state).toBe("processing");
    expect(await clock.at(hours(30), askAgain)).toBeGreaterThan(0);
    expect(await processMedia(ada, id)).toBe("ready");
  });
});
