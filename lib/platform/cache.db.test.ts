import { describe, expect, test } from "vitest";
import { clearOnCommit, taggedCache } from "./cache";
import { databaseClient, inTenant, systemTenant } from "./db/client";
import { useTestDatabase } from "./db/use-test-database";

useTestDatabase();

const tenant = systemTenant("org_cache");
const cache = taggedCache<{ value: number }>("test", { max: 10, lifeMs: 60_000 });
const counting = () => {
  let calls = 0;
  return { load: async () => ({ value: (calls += 1) }), calls: () => calls };
};

describe("the cache", () => {
  test("reads once and keeps it until its tag is cleared by a commit", async () => {
    const { load, calls } = counting();
    expect(await cache.read("a", load)).toEqual({ value: 1 });
    expect(await cache.read("a", load)).toEqual({ value: 1 });
    await inTenant(tenant, (tx) => clearOnCommit(tx, "a"));
    await expect.poll(() => cache.read("a", load)).toEqual({ value: 2 });
    expect(calls()).toBe(2);
  });

  test("shows a writer what they have just written", async () => {
    let stored = 0;
    const load = async () => ({ value: stored });
    for (let round = 1; round <= 20; round += 1) {
      await cache.read("own", load);
      await inTenant(tenant, async (tx) => {
        await clearOnCommit(tx, "own");
        stored = round;
      });
      expect(await cache.read("own", load)).toEqual({ value: round });
    }
  });

  test("is not cleared by a change that rolls back", async () => {
    const { load } = counting();
    await cache.read("b", load);
    await inTenant(tenant, async (tx) => {
      await clearOnCommit(tx, "b");
      throw new Error("no");
    }).catch(() => undefined);
    // A second tag proves that notifications arrive; the first one's must not have.
    await cache.read("c", counting().load);
    await inTenant(tenant, (tx) => clearOnCommit(tx, "c"));
    await expect.poll(async () => cache.read("c", async () => ({ value: 99 }))).toEqual({ value: 99 });
    expect(await cache.read("b", load)).toEqual({ value: 1 });
  });

  test("does not keep a value that was loaded before a clearing and arrives after it", async () => {
    const { load } = counting();
    await cache.read("warm", load);
    let finish: (value: { value: number }) => void = () => undefined;
    const slow = cache.read("d", () => new Promise((resolve) => (finish = resolve)));
    await cache.read("e", load);
    await inTenant(tenant, (tx) => clearOnCommit(tx, "e"));
    await expect.poll(async () => cache.read("e", async () => ({ value: 7 }))).toEqual({ value: 7 });
    finish({ value: 1 });
    expect(await slow).toEqual({ value: 1 });
    expect(await cache.read("d", async () => ({ value: 2 }))).toEqual({ value: 2 });
  });

  test("drops everything when its listening connection was cut, because it may have missed a clearing", async () => {
    await cache.read("f", async () => ({ value: 1 }));
    await databaseClient()`select pg_terminate_backend(pid) from pg_stat_activity where query ilike 'listen%' and pid <> pg_backend_pid()`;
    await expect.poll(() => cache.read("f", async () => ({ value: 2 })), { timeout: 15_000 }).toEqual({ value: 2 });
  });

  test("and works again on the new pool after every connection of this process was cut", async () => {
    await cache.read("g", async () => ({ value: 1 }));
    await databaseClient()`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database()`.catch(() => undefined);
    await expect.poll(() => cache.read("g", async () => ({ value: 2 })).catch(() => null), { timeout: 15_000 }).toEqual({ value: 2 });
    await expect.poll(() => cache.read("g", async () => ({ value: 3 })).catch(() => null)).toEqual({ value: 2 });
    await inTenant(tenant, (tx) => clearOnCommit(tx, "g"));
    await expect.poll(() => cache.read("g", async () => ({ value: 4 }))).toEqual({ value: 4 });
  });
});
