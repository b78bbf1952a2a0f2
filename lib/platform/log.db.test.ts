import { inspect } from "node:util";
import { sql } from "drizzle-orm";
import { expect, test } from "vitest";
import { asSystem } from "./db/client";
import { useTestDatabase } from "./db/use-test-database";
import { errorText } from "./log";

useTestDatabase();

const failure = async (work: () => Promise<unknown>): Promise<Error> => {
  const error = await work().then(() => null, (reason: unknown) => reason);
  if (!(error instanceof Error)) throw new Error("it did not fail");
  return error;
};

const secret = "gast@geheim.example";

test("a failed query is logged with its statement and its cause, and without what it was given", async () => {
  const twice = (id: string) => asSystem("health", (tx) => tx.execute(sql`insert into mail_stops (address, reason, detail, stopped_at) values (${secret}, 'bounce', ${id}, now())`));
  await twice("first");
  const error = await failure(() => twice("a\n    at nowhere"));
  for (const text of [errorText(error), error.stack ?? "", inspect(error, { depth: 5 })]) {
    expect(text).not.toContain(secret);
    expect(text).not.toContain("at nowhere");
  }
  expect(errorText(error)).toContain("insert into mail_stops");
  expect(errorText(error)).toContain("mail_stops_pkey");
  expect(errorText(error)).toMatch(/log\.db\.test\.ts/);
});

test("a value that PostgreSQL cannot read is not repeated", async () => {
  const error = await failure(() => asSystem("health", (tx) => tx.execute(sql`select ${secret}::timestamptz`)));
  expect(inspect(error, { depth: 5 })).not.toContain(secret);
  expect(errorText(error)).toContain("invalid input syntax for type timestamp");
});
