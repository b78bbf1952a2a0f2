import { expect, test, vi } from "vitest";
import { lookAt } from "./queries";

const wholeReads = vi.hoisted(() => ({ now: 0, most: 0 }));

vi.mock("@/lib/platform/storage", () => ({
  readStored: async (_key: string, part?: { from: number; to: number }) => {
    const signature = Buffer.from("89504e470d0a1a0a0000000d49484452", "hex");
    if (part) return Buffer.concat([signature, Buffer.alloc(part.to + 1 - signature.byteLength)]);
    wholeReads.now += 1;
    wholeReads.most = Math.max(wholeReads.most, wholeReads.now);
    await new Promise((resolve) => setImmediate(resolve));
    wholeReads.now -= 1;
    return signature;
  },
}));

test("pictures that do not say how large they are where others do are read whole one after the other", async () => {
  const looks = await Promise.all(Array.from({ length: 8 }, (_, at) => lookAt(`a/${at}`, { type: "image/png", bytes: 50_000_000 })));
  expect(looks).toEqual(Array.from({ length: 8 }, () => ({ refusal: "unreadable" })));
  expect(wholeReads.most).toBe(1);
});
