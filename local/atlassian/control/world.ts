import type { z } from "zod";
import type { Engine } from "../engine";
import { adminHookSchema, adminHooks, saveAdminHook } from "../webhooks/admin";
import type { Account, Project, Site } from "../world/entities";
import { accountIdOf, cloudIdOf } from "../world/seed";
import { accountBy, siteBy } from "./lookup";
import { read } from "./read";
import { hookSchema, type accountSchema, type projectSchema, type siteSchema } from "./schemas";

/** Makes or changes parts of the world: who there is, where, and what hears of it. */

export function saveAccount(engine: Engine, { sites, adminOf = [], ...change }: z.output<typeof accountSchema>): Account {
  const id = accountIdOf(change.key);
  const before = engine.store.get("accounts", id) ?? { id, name: change.key, email: `${change.key}@maru.example`, emailVisible: true, timeZone: "Etc/UTC", locale: "en_US" };
  const account: Account = { ...before, ...change };
  engine.store.put("accounts", account);
  if (sites) {
    for (const site of engine.store.all("sites")) {
      const isAdmin = adminOf.includes(site.slug);
      const without = (list: string[]): string[] => list.filter((one) => one !== id);
      engine.store.put("sites", {
        ...site,
        members: [...without(site.members), ...(isAdmin || sites.includes(site.slug) ? [id] : [])],
        admins: [...without(site.admins), ...(isAdmin ? [id] : [])],
      });
    }
  }
  return account;
}

export function saveSite(engine: Engine, { slug, name, admins, members, confluence }: z.output<typeof siteSchema>): Site {
  const adminIds = admins.map((one) => accountBy(engine, one).id);
  const site: Site = { id: cloudIdOf(slug), slug, name, confluence, admins: adminIds, members: [...new Set([...adminIds, ...members.map((one) => accountBy(engine, one).id)])] };
  engine.store.put("sites", site);
  return site;
}

export function saveProject(engine: Engine, { site: where, key, name, lead, viewers }: z.output<typeof projectSchema>): Project {
  const site = siteBy(engine, where);
  const before = engine.store.all("projects").find((project) => project.siteId === site.id && project.key === key);
  const project: Project = {
    id: before?.id ?? String(engine.store.next("project", 10_100)),
    siteId: site.id,
    key,
    name: name ?? before?.name ?? key,
    description: before?.description ?? "",
    leadId: lead === undefined ? (before?.leadId ?? site.admins[0] ?? "") : accountBy(engine, lead).id,
    viewers: viewers === undefined ? (before?.viewers ?? null) : viewers && viewers.map((one) => accountBy(engine, one).id),
  };
  engine.store.put("projects", project);
  return project;
}

export function saveHook(engine: Engine, body: unknown): unknown {
  const { site: where, as, id, ...given } = read(hookSchema, body);
  const site = siteBy(engine, where);
  const before = id === undefined ? null : (adminHooks(engine, site).find((hook) => hook.id === id) ?? null);
  const input = read(adminHookSchema, { name: "Webhook", events: ["jira:issue_created", "jira:issue_updated", "jira:issue_deleted"], ...before, secret: undefined, ...given });
  return saveAdminHook(engine, site, accountBy(engine, as ?? site.admins[0] ?? ""), input, before);
}
