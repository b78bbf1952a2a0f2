import { randomUUID } from "node:crypto";
import type { z } from "zod";
import type { Engine } from "../engine";
import { Answer } from "../http";
import { announce, deliver, type Happening } from "../webhooks/dispatch";
import { adminEvents } from "../webhooks/events";
import { samplePayload } from "../webhooks/samples";
import type { Account, Delivery, Issue, Project, Site } from "../world/entities";
import { accountBy, siteBy } from "./lookup";
import type { fireSchema } from "./schemas";

/** Tells of something that did not happen: any event, in any shape, as often as asked. */
export function fire(engine: Engine, wanted: z.output<typeof fireSchema>): Delivery[] {
  if (!adminEvents.includes(wanted.event) && !wanted.hook) throw new Answer(422, { message: `There is no event ${wanted.event}. Name a hook to send it nevertheless.` });
  const site = siteBy(engine, wanted.site);
  const actor = accountBy(engine, wanted.as ?? site.admins[0] ?? "");
  const issue = issueFor(engine, site, wanted.issue);
  const deliveries: Delivery[] = [];
  for (let number = 0; number < wanted.count; number += 1) {
    const happening = happeningOf(engine, wanted, { site, actor, ...issue });
    const sent = wanted.hook === undefined ? announce(engine, happening) : [atHook(engine, happening, wanted.hook, wanted)];
    deliveries.push(...sent);
    for (let copy = 1; copy < wanted.copies; copy += 1) deliveries.push(...sent.map((delivery) => engine.sender.again(delivery)));
  }
  return deliveries;
}

function issueFor({ store }: Engine, site: Site, key: string | undefined): { issue: Issue; project: Project } {
  const issue = store.all("issues").find((one) => one.siteId === site.id && (key === undefined || one.key === key));
  const project = issue && store.get("projects", issue.projectId);
  if (!issue || !project) throw new Answer(404, { message: `There is no issue ${key ?? ""} on ${site.slug}.` });
  return { issue, project };
}

function happeningOf(engine: Engine, wanted: z.output<typeof fireSchema>, about: { site: Site; actor: Account; issue: Issue; project: Project }): Happening {
  const padded = wanted.padBytes === 0 ? about.issue : { ...about.issue, description: { type: "doc", version: 1, content: [{ type: "paragraph", content: [{ type: "text", text: "x".repeat(wanted.padBytes) }] }] } };
  const payload = { ...samplePayload(engine, wanted.event, { ...about, issue: padded }), ...wanted.payload };
  return {
    site: about.site,
    event: wanted.event,
    actorId: about.actor.id,
    issue: "issue" in payload ? about.issue : null,
    flow: wanted.flow,
    payload: Object.fromEntries(Object.entries(payload).filter(([, value]) => value !== null)),
  };
}

function atHook(engine: Engine, happening: Happening, id: string, wanted: z.output<typeof fireSchema>): Delivery {
  const hook = engine.store.get("hooks", id);
  if (!hook) throw new Answer(404, { message: `There is no webhook ${id}.` });
  const matched = hook.kind === "dynamic" ? { matchedWebhookIds: [Number(id)] } : {};
  const body = wanted.rawBody ?? JSON.stringify({ ...happening.payload, ...matched });
  return deliver(engine, happening, hook, body, hook.kind === "dynamic" ? [id] : [], wanted.identifier ?? randomUUID());
}
