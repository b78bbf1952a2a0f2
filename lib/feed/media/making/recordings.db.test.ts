import { BufferTarget, EncodedPacket, EncodedVideoPacketSource, Mp4OutputFormat, Output } from "mediabunny";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startStorage } from "@/local/storage/testing";
import { useTestDatabase } from "@/lib/platform/db/use-test-database";
import type { Member } from "@/lib/organizations/actor";
import { foundOrganization } from "@/lib/organizations/testing";
import { mediaAt } from "../queries";
import { mediaAddress } from "../serving/queries";
import { accounts, ready, rowOf } from "../testing";
import { patched, whereaboutsOf } from "./whereabouts";

const storage = await startStorage();
useTestDatabase();
afterAll(() => storage.stop());

let ada: Member;
beforeAll(async () => {
  ada = (await foundOrganization("ada@here.example", "Here")).owner;
});

const box = (type: string, ...parts: Buffer[]) => {
  const body = Buffer.concat(parts);
  const head = Buffer.alloc(8);
  head.writeUInt32BE(body.byteLength + 8);
  head.write(type, 4, "latin1");
  return Buffer.concat([head, body]);
};
const uint32 = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};

/** A clip of two seconds whose index stands at its end, so that more can be said in it without moving anything. */
async function clip(): Promise<Buffer> {
  const target = new BufferTarget();
  const output = new Output({ format: new Mp4OutputFormat({ fastStart: false }), target });
  const source = new EncodedVideoPacketSource("vp9");
  output.addVideoTrack(source);
  await output.start();
  const meta = { decoderConfig: { codec: "vp09.00.10.08", codedWidth: 64, codedHeight: 36 } };
  for (const at of [0, 1]) await source.add(new EncodedPacket(Buffer.alloc(2_000, at + 1), "key", at, 1), meta);
  await output.finalize();
  if (!target.buffer) throw new Error("nothing was written");
  return Buffer.from(target.buffer);
}

const place = "+37.5665+126.9780/";
const appleKey = "com.apple.quicktime.location.ISO6709";
const appleMeta = () =>
  box(
    "meta",
    box("hdlr", Buffer.alloc(24)),
    box("keys", uint32(0), uint32(2), box("mdta", Buffer.from("com.apple.quicktime.make")), box("mdta", Buffer.from(appleKey))),
    box("ilst", box("\u0000\u0000\u0000\u0001", box("data", uint32(1), uint32(0), Buffer.from("Phone"))), box("\u0000\u0000\u0000\u0002", box("data", uint32(1), uint32(0), Buffer.from(place)))),
  );

/** The clip as a phone would have written it. */
async function clipFromAPhone(): Promise<Buffer> {
  const plain = await clip();
  const at = plain.indexOf("moov", 0, "latin1") - 4;
  const size = plain.readUInt32BE(at);
  expect(at + size).toBe(plain.byteLength);
  const more = Buffer.concat([box("udta", box("\u00a9xyz", Buffer.from([0, place.length, 0x15, 0xc7]), Buffer.from(place)), box("\u00a9mod", Buffer.from("Model"))), appleMeta()]);
  const grown = Buffer.concat([plain, more]);
  grown.writeUInt32BE(size + more.byteLength, at);
  return grown;
}

test("a video says how large and how long it is, and no longer where it was made", async () => {
  const bytes = await clipFromAPhone();
  expect(bytes.includes(place)).toBe(true);
  const { id } = await ready(ada, bytes, "video/mp4", "walk.mp4");
  expect(await mediaAt(ada, id)).toMatchObject({ state: "ready", kind: "video", width: 64, height: 36, durationMs: 2000, bytes: bytes.byteLength });
  const answer = await fetch(await mediaAddress(ada, id, "original"));
  const served = Buffer.from(await answer.arrayBuffer());
  expect(served.includes(place)).toBe(false);
  expect(served.includes("Phone") && served.includes("Model")).toBe(true);
  expect(served.byteLength).toBe(bytes.byteLength);
  expect(answer.headers.get("content-type")).toBe("video/mp4");
  expect(answer.headers.get("content-disposition")).toMatch(/^inline/);
  const { counted, summed } = await accounts(ada.organizationId);
  expect(counted).toEqual(summed);
});

test("a video that says nothing of its place is served as it came, and in parts", async () => {
  const bytes = await clip();
  const { id } = await ready(ada, bytes, "video/mp4");
  expect((await rowOf(id))?.sourceKey).not.toBeNull();
  const part = await fetch(await mediaAddress(ada, id, "original"), { headers: { Range: "bytes=4-7" } });
  expect([part.status, await part.text()]).toEqual([206, "ftyp"]);
});

test("sound announced as video is sound", async () => {
  const samples = Buffer.alloc(8_000 * 2);
  const wav = Buffer.concat([Buffer.from("RIFF"), Buffer.alloc(4), Buffer.from("WAVEfmt "), Buffer.alloc(20), Buffer.from("data"), Buffer.alloc(4), samples]);
  wav.writeUInt32LE(wav.byteLength - 8, 4);
  wav.writeUInt32LE(16, 16);
  wav.writeUInt16LE(1, 20);
  wav.writeUInt16LE(1, 22);
  wav.writeUInt32LE(8_000, 24);
  wav.writeUInt32LE(16_000, 28);
  wav.writeUInt16LE(2, 32);
  wav.writeUInt16LE(16, 34);
  wav.writeUInt32LE(samples.byteLength, 40);
  const { id } = await ready(ada, wav, "video/mp4", "memo.wav");
  expect(await mediaAt(ada, id)).toMatchObject({ state: "ready", kind: "audio", type: "audio/wav", durationMs: 1000, width: null });
});

test("what only begins like a video is refused", async () => {
  const { id } = await ready(ada, Buffer.concat([box("ftyp", Buffer.from("isom"), uint32(0), Buffer.from("isommp42")), Buffer.alloc(500)]), "video/mp4");
  expect(await rowOf(id)).toMatchObject({ state: "refused", refusal: "unreadable", storedBytes: 0 });
});

test("an index that lies about its sizes or nests without end is only read as far as it goes", () => {
  expect(whereaboutsOf(Buffer.from("00000010756474610000000861", "hex"))).toEqual([]);
  expect(whereaboutsOf(box("udta", uint32(0xffffffff), Buffer.from("\u00a9xyz", "latin1")))).toEqual([]);
  let nested = box("\u00a9xyz", Buffer.from(place));
  for (let depth = 0; depth < 5_000; depth += 1) nested = box(depth % 2 ? "trak" : "udta", nested);
  expect(whereaboutsOf(nested)).toHaveLength(1);
});

test("an index that says a million times where it was made is not patched a million times", () => {
  const often = (times: number) => Buffer.concat(Array.from({ length: times }, () => box("\u00a9xyz")));
  expect(whereaboutsOf(box("udta", often(1_000)))).toHaveLength(1_000);
  expect(whereaboutsOf(box("udta", often(200_000)))).toBeNull();
  const listed = box("meta", uint32(0), box("ilst", often(200_000)));
  expect(whereaboutsOf(box("udta", listed))).toBeNull();
});

test("patches are laid over bytes however these are cut", async () => {
  for (const step of [1, 3, 7, 100]) {
    const stream = patched([{ at: 2, bytes: Buffer.from("XY") }, { at: 8, bytes: Buffer.from("Z") }]);
    const text = Buffer.from("0123456789");
    for (let at = 0; at < text.byteLength; at += step) stream.write(text.subarray(at, at + step));
    stream.end();
    const parts: Buffer[] = [];
    for await (const part of stream) parts.push(part as Buffer);
    expect(Buffer.concat(parts).toString()).toBe("01XY4567Z9");
  }
});
