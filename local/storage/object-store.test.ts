import { createHash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import fc from "fast-check";
import { expect, onTestFinished, test } from "vitest";
import { readObject, ObjectStore } from "./object-store";

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "storage-test-"));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

const md5 = (text: string) => createHash("md5").update(text).digest("hex");
const put = (store: ObjectStore, key: string, text = key) =>
  store.put(Readable.from([Buffer.from(text)]), [], () => ({ key, bytes: Buffer.byteLength(text), md5: md5(text), modifiedAtMs: 1, headers: {} }), null);

async function listed(store: ObjectStore, prefix = "", after = ""): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of store.list(prefix, after)) keys.push(key);
  return keys;
}

test("a listing shows what is put and deleted while it still reads what was there", async () => {
  const dataDir = await folder();
  const before = await ObjectStore.open(dataDir);
  for (let index = 10; index < 40; index += 1) await put(before, `k${index}`);
  const store = await ObjectStore.open(dataDir);
  const first = listed(store);
  const changes = Promise.all([put(store, "k00"), put(store, "k20", "changed"), store.delete("k30")]);
  await Promise.all([first, changes]);
  const keys = await listed(store);
  expect(keys).toEqual(["k00", ...Array.from({ length: 30 }, (_, index) => `k${index + 10}`).filter((key) => key !== "k30")]);
  for await (const head of store.list("k20", "")) expect(head.bytes).toBe("changed".length);
});

test("whatever the keys, a listing is those with the prefix behind the one named, in the order of their bytes", async () => {
  const store = await ObjectStore.open(await folder());
  const key = fc.string({ unit: fc.constantFrom("a", "b", "/", "-", "é", "\uffee", "🎉"), minLength: 1, maxLength: 5 });
  const there = new Set<string>();
  await fc.assert(
    fc.asyncProperty(key, fc.boolean(), fc.string({ unit: fc.constantFrom("a", "/", "🎉"), maxLength: 2 }), fc.option(key, { nil: "" }), async (changed, remove, prefix, after) => {
      if (remove) await store.delete(changed);
      else await put(store, changed);
      if (remove) there.delete(changed);
      else there.add(changed);
      const compare = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));
      const expected = [...there].filter((one) => one.startsWith(prefix) && (after === "" || compare(one, after) > 0)).sort(compare);
      expect(await listed(store, prefix, after)).toEqual(expected);
    }),
    { numRuns: 200 },
  );
});

test("writers of one key leave one of what they wrote, whole", async () => {
  const store = await ObjectStore.open(await folder());
  const texts = Array.from({ length: 20 }, (_, index) => String(index).repeat(1_000 * (index + 1)));
  await Promise.all(texts.map((text) => put(store, "same", text)));
  const found = await store.find("same");
  if (!found) throw new Error("nothing is there");
  const text = Buffer.concat((await readObject(found).toArray()) as Buffer[]).toString("utf8");
  expect(texts).toContain(text);
  expect(found.head.md5).toBe(md5(text));
});
