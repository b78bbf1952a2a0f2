import { createHash } from "node:crypto";
import { z } from "zod";
import { parseFunctions, RegistrationRefused } from "./config";
import { alignCrons } from "./cron";
import { at, type Database } from "./database";
import { log } from "./log";
import type { Registry } from "./registry";

/** What the SDK says of an application, in either way of syncing (`app_id` in band, `appName` out of band). */
const registrationSchema = z.looseObject({
  app_id: z.string().optional(),
  appName: z.string().optional(),
  url: z.string(),
  framework: z.string().nullish(),
  sdk: z.string().nullish(),
  functions: z.array(z.unknown()),
});

export interface Registered {
  appId: string;
  modified: boolean;
}

/**
 * Takes over an application's functions whole, or refuses them whole. Functions that are gone are deactivated: their runs stay,
 * and go on if the function comes back.
 * @throws RegistrationRefused
 */
export async function register(database: Database, registry: Registry, body: unknown): Promise<Registered> {
  const parsed = registrationSchema.safeParse(body);
  const appId = parsed.data?.app_id ?? parsed.data?.appName;
  if (!parsed.success || !appId) throw new RegistrationRefused(["the registration is not understood"]);
  const { url, functions, framework, sdk } = parsed.data;
  const checksum = createHash("sha256").update(JSON.stringify([url, functions])).digest("hex");
  if (registry.checksum(appId) === checksum) return { appId, modified: false };
  const configs = parseFunctions(functions);
  await database.transact(async (tx) => {
    const now = at(tx.now);
    // One at a time: each loads the whole into memory, and must not miss another that is not yet committed.
    await tx.sql`lock table app in share row exclusive mode`;
    await tx.sql`
      insert into app (id, url, framework, sdk, checksum, synced_at)
      values (${appId}, ${url}, ${framework ?? ""}, ${sdk ?? ""}, ${checksum}, ${now})
      on conflict (id) do update set url = excluded.url, framework = excluded.framework, sdk = excluded.sdk,
        checksum = excluded.checksum, synced_at = excluded.synced_at`;
    for (const config of configs) {
      await tx.sql`
        insert into fn (id, app_id, name, config, active, updated_at)
        values (${config.id}, ${appId}, ${config.name ?? config.id}, ${JSON.stringify(config)}, true, ${now})
        on conflict (id) do update set app_id = excluded.app_id, name = excluded.name, config = excluded.config, active = true,
          updated_at = excluded.updated_at`;
    }
    // An application that changed its id answers at the same address: its functions of before are gone too.
    await tx.sql`
      update fn set active = false, updated_at = ${now} from app
      where app.id = fn.app_id and fn.active and (app.id = ${appId} or app.url = ${url})
        and fn.id <> all(${configs.map(({ id }) => id)})`;
    await tx.sql`update app set checksum = '' where url = ${url} and id <> ${appId}`;
    await registry.load(tx.sql);
    await alignCrons(tx, registry);
    tx.pokes.add("events").add("jobs").add("timers");
  }).catch(async (error: unknown) => {
    // The copy in memory may already hold what was rolled back.
    await registry.load(database.sql);
    throw error;
  });
  log("info", "functions registered", { app: appId, functions: configs.length, url });
  return { appId, modified: true };
}
