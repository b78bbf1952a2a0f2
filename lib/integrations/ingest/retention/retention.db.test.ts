import { eq } from "drizzle-orm";
import { expect, test } from "vitest";
import { clock } from "@/lib/platform/clock";
import { inTenant } from "@/lib/platform/db/client";
import { useTestDatabase } from "@/lib/platform/db/use-test-database";
import { foundOrganization } from "@/lib/organizations/testing";
import { readWaiting, receive } from "../commands";
import { inboundWebhooks } from "../tables";
import { issueWebhook, makeConnection, signedBy, webhooksOf } from "../testing";
import { forgetWebhooks } from "./commands";

useTestDatabase();

const daysOn = (days: number) => new Date(Date.now() + days * 86_400_000);

test("the log forgets after thirty days what is done with, and nothing that still waits", async () => {
  const { owner } = await foundOrganization("ada@old.example", "Old");
  const connection = await makeConnection(owner, { secrets: [{ secret: "s" }] });
  const gone = await makeConnection(owner, { secrets: [{ secret: "s" }] });
  const come = (payload: unknown, to = connection) => receive("jira", to, signedBy("s", payload));
  await come(issueWebhook("created", { id: "done" }));
  await come("{");
  await come(issueWebhook("created", { id: "read" }));
  await readWaiting(owner, connection);
  await come(issueWebhook("created", { id: "waiting" }));
  await come(issueWebhook("created", { id: "lost" }), gone);
  const [done] = await webhooksOf(owner, connection);
  const finish = { dispatchedAt: new Date(), toldAt: new Date() };
  await inTenant(owner, (tx) => tx.update(inboundWebhooks).set(finish).where(eq(inboundWebhooks.id, done?.id ?? "")));
  const left = async () => (await webhooksOf(owner, connection)).map(({ state, facts }) => facts?.issue?.id ?? state);
  await clock.at(daysOn(29), forgetWebhooks);
  expect(await left()).toHaveLength(4);
  await clock.at(daysOn(31), forgetWebhooks);
  expect(await left()).toEqual(["read", "received"]);
  expect(await webhooksOf(owner, gone)).toHaveLength(1);
});
