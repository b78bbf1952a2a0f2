import { sql } from "drizzle-orm";
import { beforeAll, expect, test } from "vitest";
import { clock } from "@/lib/platform/clock";
import { asSystem, inTenant } from "@/lib/platform/db/client";
import { useTestDatabase } from "@/lib/platform/db/use-test-database";
import { env } from "@/lib/platform/env";
import { open, seal } from "@/lib/platform/secret-box";
import type { Member } from "@/lib/organizations/actor";
import { foundOrganization } from "@/lib/organizations/testing";
import { createGenericConnection } from "../connections/commands";
import { keepGrant } from "../credentials/commands";
import { accessTokenOf } from "../credentials/queries";
import { secretsOf } from "../hooks/queries";
import { secretContext } from "../outgoing/rules";
import { endpoints, endpointSecrets } from "../outgoing/tables";
import { resealSecrets } from "./commands";

useTestDatabase();

const oldKey = "old:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
const newKey = "new:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=";

let ada: Member;
beforeAll(async () => {
  ada = (await foundOrganization("ada@maru.example", "Maru")).owner;
});

/** Every box that rests, whosever it is. */
const boxes = () =>
  asSystem("grants", async (tx) => {
    const rows = await tx.execute<{ box: string }>(sql`
      select access_token as box from oauth_credentials union all select refresh_token from oauth_credentials
      union all select secret from webhook_secrets union all select secret from endpoint_secrets`);
    return rows.map(({ box }) => box);
  });

test("everything sealed with an old key is sealed anew, stays what it was, and the old key can go", async () => {
  env().ENCRYPTION_KEYS = oldKey;
  const pair = { accessToken: "the access token", refreshToken: "the refresh token", expiresInSeconds: 3600, scopes: [] };
  const grants = await inTenant(ada, (tx) => Promise.all(Array.from({ length: 3 }, (_, index) => keepGrant(tx, ada, "jira", { id: `account ${index}`, name: "Somebody" }, pair))));
  const { connectionId } = await createGenericConnection(ada, { name: "Builds" });
  const [before] = await secretsOf(ada, connectionId);
  await inTenant(ada, async (tx) => {
    const [endpoint] = await tx.insert(endpoints).values({ organizationId: ada.organizationId, name: "CI", url: "https://ci.example", ownerId: ada.id }).returning({ id: endpoints.id });
    const endpointId = endpoint?.id ?? "";
    await tx.insert(endpointSecrets).values({ organizationId: ada.organizationId, endpointId, secret: seal("whsec_x", secretContext(endpointId)), createdAt: clock.now() });
  });
  expect(await resealSecrets()).toBe(0);

  env().ENCRYPTION_KEYS = `${newKey},${oldKey}`;
  // What cannot be opened keeps nothing else from being sealed anew.
  await asSystem("grants", (tx) => tx.execute(sql`update oauth_credentials set access_token = 'v1.lost.AAAA.AAAA' where id = ${grants[0]?.id ?? ""}`));
  expect(await resealSecrets()).toBe(7);
  expect(await resealSecrets()).toBe(0);

  env().ENCRYPTION_KEYS = newKey;
  expect((await boxes()).filter((box) => !box.startsWith("v1.new."))).toEqual(["v1.lost.AAAA.AAAA"]);
  expect((await accessTokenOf(ada, grants[1]?.id ?? "")).token).toBe("the access token");
  expect(await secretsOf(ada, connectionId)).toEqual([before]);
  const [endpoint] = await asSystem("grants", (tx) => tx.select().from(endpointSecrets));
  expect(open(endpoint?.secret ?? "", secretContext(endpoint?.endpointId ?? ""))).toBe("whsec_x");
});
