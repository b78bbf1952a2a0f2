import { sql, type SQL } from "drizzle-orm";
import { asSystem } from "@/lib/platform/db/client";
import { textArray } from "@/lib/platform/db/text-array";
import { log } from "@/lib/platform/log";
import { open, seal, sealingKeyId } from "@/lib/platform/secret-box";
import { credentialContext } from "../credentials/rules";
import { oauthCredentials } from "../credentials/tables";
import { webhookSecrets } from "../hooks/tables";
import { secretContext } from "../outgoing/rules";
import { endpointSecrets } from "../outgoing/tables";

/** A sealed column, and what its boxes are bound to. */
interface Place {
  table: SQL;
  column: SQL;
  /** The column that names what the box is bound to, and the binding made of it. */
  owner: SQL;
  context: (owner: string) => string;
}

const places: Place[] = [
  { table: sql`${oauthCredentials}`, column: sql`access_token`, owner: sql`id`, context: credentialContext },
  { table: sql`${oauthCredentials}`, column: sql`refresh_token`, owner: sql`id`, context: credentialContext },
  { table: sql`${webhookSecrets}`, column: sql`secret`, owner: sql`id`, context: (id) => `webhook-secret:${id}` },
  { table: sql`${endpointSecrets}`, column: sql`secret`, owner: sql`endpoint_id`, context: secretContext },
];

const rowsAtOnce = 200;

/**
 * Seals anew what was sealed with a key that no longer seals, so that an old key can be taken out of ENCRYPTION_KEYS. What another
 * transaction holds is left to the next run, and what no key opens is left as it is.
 * @returns how many boxes were sealed anew.
 */
export async function resealSecrets(): Promise<number> {
  let resealed = 0;
  for (const place of places) {
    let after = "";
    for (;;) {
      const { count, last } = await resealSome(place, after);
      resealed += count;
      if (last === null) break;
      after = last;
    }
  }
  return resealed;
}

async function resealSome({ table, column, owner, context }: Place, after: string): Promise<{ count: number; last: string | null }> {
  return asSystem("grants", async (tx) => {
    const rows = await tx.execute<{ id: string; owner: string; box: string }>(sql`
      select id, ${owner} as owner, ${column} as box from ${table}
      where id > ${after} and split_part(${column}, '.', 2) <> ${sealingKeyId()}
      order by id limit ${rowsAtOnce} for update skip locked`);
    const boxes = rows.flatMap(({ id, owner: bound, box }) => {
      const anew = sealAnew(id, box, context(bound));
      return anew === null ? [] : [{ id, box: anew }];
    });
    if (boxes.length > 0) {
      await tx.execute(sql`
        update ${table} set ${column} = anew.box
        from unnest(${textArray(boxes.map(({ id }) => id))}, ${textArray(boxes.map(({ box }) => box))}) as anew (id, box)
        where ${table}.id = anew.id`);
    }
    return { count: boxes.length, last: rows.length < rowsAtOnce ? null : (rows.at(-1)?.id ?? null) };
  });
}

function sealAnew(id: string, box: string, context: string): string | null {
  try {
    return seal(open(box, context), context);
  } catch (error) {
    log.error("a secret could not be sealed anew", { id, error });
    return null;
  }
}
