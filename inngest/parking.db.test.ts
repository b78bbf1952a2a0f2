import { beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { inTenant, systemTenant } from "@/lib/platform/db/client";
import { useTestDatabase } from "@/lib/platform/db/use-test-database";
import { append, defineEvent } from "@/lib/platform/outbox/outbox";
import { parkedEvents } from "@/lib/platform/outbox/parking";
import { relayOutbox } from "@/lib/platform/outbox/relay";

useTestDatabase();
let parking: typeof import("./parking").parking;
beforeAll(async () => {
  ({ parking } = await import("./parking"));
});

const tenant = systemTenant("org_parking");
const happened = defineEvent("test.happened", 1, z.object({ name: z.string() }));

/** What the engine sends to `onFailure`: the event of the run that failed is inside. */
const failureOf = (eventId: string, message: string) => ({
  event: { name: "inngest/function.failed", data: { function_id: "moim-fan-out-notifications", run_id: "run", event: { id: eventId, name: happened.name, data: { eventId } } } },
  error: new Error(message),
});

test("one event that fails for good becomes a dead letter with its reason; the others of its batch have gone on", async () => {
  const ids: string[] = [];
  for (const name of ["good", "poisoned", "good"]) ids.push(await inTenant(tenant, (tx) => append(tx, tenant, happened, { name })));
  await relayOutbox(() => Promise.resolve());
  await parking("fan-out")(failureOf(ids[1] ?? "", "the payload breaks its contract"));
  expect(await parkedEvents(tenant)).toMatchObject([{ id: ids[1], payload: { name: "poisoned" }, reason: "fan-out: the payload breaks its contract" }]);
});

test("every function that nothing else does the work of parks what it could not do", async () => {
  const { functions } = await import("./functions");
  const parked = functions.filter(({ opts }) => opts.onFailure !== undefined).map((one) => one.id());
  expect(parked.sort()).toEqual([
    "adopt-guest",
    "discard-media",
    "dispatch-product-events",
    "dispatch-product-events-2",
    "end-devices",
    "end-subscriptions",
    "fan-out-notifications",
    "fan-out-notifications-2",
    "fan-out-notifications-3",
    "process-media",
    "reconsider-held",
    "remove-hooks",
    "unlink-removed",
    "withdraw-deleted",
  ]);
});

test("what is no outbox event parks nothing and breaks nothing", async () => {
  await parking("fan-out")({ event: { name: "inngest/function.failed", data: { event: { name: "x", data: {} } } }, error: new Error("no") });
  expect(await parkedEvents(tenant)).toHaveLength(1);
});
