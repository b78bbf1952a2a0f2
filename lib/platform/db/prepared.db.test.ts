import { inArray, sql } from "drizzle-orm";
import { expect, test } from "vitest";
import { outboxEvents } from "../outbox/tables";
import { asSystem, type Tx } from "./client";
import { useTestDatabase } from "./use-test-database";

useTestDatabase();

const eventsNamed = (tx: Tx, count: number) =>
  tx
    .select({ id: outboxEvents.id })
    .from(outboxEvents)
    .where(inArray(outboxEvents.name, Array.from({ length: count }, (_, index) => `name-${index}`)));

const keptByName = (tx: Tx) =>
  tx.execute<{ statement: string }>(sql`select statement from pg_prepared_statements where statement like '%outbox_events%' and statement not like '%pg_prepared%'`);

test("a statement is parsed once a connection, inside a savepoint too; one with a long list is not kept", async () => {
  await asSystem("relay", async (tx) => {
    await eventsNamed(tx, 3);
    await eventsNamed(tx, 3);
    await tx.transaction((inner) => eventsNamed(inner, 4));
    await eventsNamed(tx, 400);
    expect(await keptByName(tx)).toHaveLength(2);
  });
});
