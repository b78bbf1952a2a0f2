import { and, eq, sql } from "drizzle-orm";
import { clock } from "@/lib/platform/clock";
import { inTenant, type Tx } from "@/lib/platform/db/client";
import { Refused, refusedField } from "@/lib/platform/errors";
import { claimKey } from "@/lib/platform/idempotency/idempotency";
import { isId, newId } from "@/lib/platform/ids";
import { toLocale } from "@/lib/platform/i18n/locales";
import { sendMail } from "@/lib/platform/mail";
import { sendPush } from "@/lib/platform/push";
import { limitRate } from "@/lib/platform/rate-limit";
import { describeFault } from "@/lib/platform/validation";
import type { Member } from "@/lib/organizations/actor";
import { audit } from "@/lib/organizations/audit";
import { devicesById, devicesHere } from "../devices/queries";
import { handlingOf } from "../devices/rules";
import { inboxCount } from "../inbox/queries";
import type { CheckedTemplate, TestInput } from "./inputs";
import { mayManageTemplates } from "./policy";
import { previewTemplate, templateDetails, type CustomTemplate, type TemplatePreview } from "./queries";
import { templateFaults } from "./rules";
import { customTemplates } from "./tables";

/**
 * Registers a template. With `idempotencyKey`, a repeated request answers the first one's.
 * @throws Refused FORBIDDEN, INVALID (syntax, undeclared variables, a key that is taken).
 */
export async function createTemplate(member: Member, input: CheckedTemplate, options: { idempotencyKey?: string } = {}): Promise<{ templateId: string }> {
  refuseFaults(member, input);
  return inTenant(member, async (tx) => {
    const id = newId("template");
    if (options.idempotencyKey) {
      const claim = await claimKey(tx, member, { key: options.idempotencyKey, operation: "create-template", input }, id);
      if (!claim.fresh) return { templateId: claim.resultId };
    }
    const now = clock.now();
    const made = await tx
      .insert(customTemplates)
      .values({ id, organizationId: member.organizationId, ...input, createdBy: member.id, createdAt: now, updatedAt: now })
      .onConflictDoNothing()
      .returning({ id: customTemplates.id });
    if (made.length === 0) throw keyTaken();
    await audit(tx, member, [{ action: "template.created", subject: input.name, detail: { key: input.key } }]);
    return { templateId: id };
  });
}

/**
 * Replaces a template's words; what was published keeps its own copy.
 * @param ifVersion the version the caller read. @throws Refused FORBIDDEN, NOT_FOUND, INVALID, PRECONDITION_FAILED, CONFLICT (archived).
 */
export async function changeTemplate(member: Member, templateId: string, input: CheckedTemplate, options: { ifVersion?: number } = {}): Promise<void> {
  refuseFaults(member, input);
  await inTenant(member, async (tx) => {
    const before = await lockTemplate(tx, member, templateId);
    if (options.ifVersion !== undefined && options.ifVersion !== before.version) throw new Refused("PRECONDITION_FAILED");
    if (before.archivedAt) throw new Refused("CONFLICT", { detail: "An archived template cannot be changed. Restore it first." });
    await refuseTakenKey(tx, member, input.key, before.id);
    await tx
      .update(customTemplates)
      .set({ ...input, version: sql`${customTemplates.version} + 1`, updatedAt: clock.now() })
      .where(eq(customTemplates.id, before.id));
    await audit(tx, member, [{ action: "template.changed", subject: input.name, detail: { key: input.key } }]);
  });
}

/** Takes a template out of use, or back into it. Doing so again changes nothing. @throws Refused FORBIDDEN, NOT_FOUND. */
export async function archiveTemplate(member: Member, templateId: string, archived = true): Promise<void> {
  if (!mayManageTemplates(member)) throw new Refused("FORBIDDEN");
  await inTenant(member, async (tx) => {
    const before = await lockTemplate(tx, member, templateId);
    if ((before.archivedAt !== null) === archived) return;
    const now = clock.now();
    await tx
      .update(customTemplates)
      .set({ archivedAt: archived ? now : null, version: sql`${customTemplates.version} + 1`, updatedAt: now })
      .where(eq(customTemplates.id, before.id));
    await audit(tx, member, [{ action: archived ? "template.archived" : "template.restored", subject: before.name, detail: { key: before.key } }]);
  });
}

const testsPerHour = 60;

export interface TestOutcome {
  channel: "email" | "push";
  /** The address, or how many devices took it. */
  to: string | null;
  devices: number;
}

/**
 * Sends a template to the member's own address or devices, at once and whatever their preferences and the hour: they wait for it.
 * @throws Refused FORBIDDEN, NOT_FOUND, TOO_MANY_REQUESTS, MAIL_UNAVAILABLE, INVALID (no device here).
 */
export async function sendTest(member: Member, templateName: string, { variables, locale, channel }: TestInput): Promise<TestOutcome> {
  const template = await templateDetails(member, templateName);
  await limitRate(`template-tests:${member.id}`, testsPerHour, 3600);
  const { languages } = await previewTemplate(member, template, variables);
  const words = languages[locale ?? toLocale(member.locale)] ?? languages.en;
  if (!words) throw new Error("a template without English");
  return channel === "email" ? mailTest(member, words) : pushTest(member, words);
}

async function mailTest(member: Member, { subject, html, text }: TemplatePreview): Promise<TestOutcome> {
  const answer = await sendMail({ to: member.email, subject: `[Test] ${subject}`, html, text, tags: [{ name: "template", value: "test" }] }, `test/${newId("request")}`);
  if (!answer.ok) throw new Refused("MAIL_UNAVAILABLE", { detail: answer.answer });
  return { channel: "email", to: member.email, devices: 0 };
}

async function pushTest(member: Member, { push }: TemplatePreview): Promise<TestOutcome> {
  const mine = await devicesHere(member);
  const devices = [...(await devicesById(member, mine.map(({ id }) => id))).values()];
  const notice = { title: push.title, body: push.body, url: `/${member.organizationSlug}/settings/templates`, tag: "test", receiverId: null, organization: member.organizationSlug, at: clock.nowMs() };
  const { unread, version } = await inboxCount(member);
  const { ttlSeconds, urgency } = handlingOf("announcements", null, clock.now());
  const answers = await Promise.all(devices.map(({ target }) => sendPush(target, { notice: { ...notice, badge: { unread, version } }, topic: "test", ttlSeconds, urgency })));
  const taken = answers.filter(({ ok }) => ok).length;
  if (taken === 0) throw refusedField("channel", "no-device", describeFault("no-device"));
  return { channel: "push", to: null, devices: taken };
}

function refuseFaults(member: Member, input: CheckedTemplate): void {
  if (!mayManageTemplates(member)) throw new Refused("FORBIDDEN");
  const fields = templateFaults(input);
  if (fields.length > 0) throw new Refused("INVALID", { detail: "The template cannot be used like this.", fields });
}

async function lockTemplate(tx: Tx, member: Member, templateId: string): Promise<CustomTemplate> {
  const [found] = isId("template", templateId)
    ? await tx
        .select()
        .from(customTemplates)
        .where(and(eq(customTemplates.organizationId, member.organizationId), eq(customTemplates.id, templateId)))
        .for("update")
    : [];
  if (!found) throw new Refused("NOT_FOUND");
  return found;
}

/** Two that take one key at once wait for each other here, so that the second hears it as a fault of its field. */
async function refuseTakenKey(tx: Tx, member: Member, key: string, ownId: string): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`template-key:${member.organizationId}:${key}`}, 0))`);
  const [other] = await tx
    .select({ id: customTemplates.id })
    .from(customTemplates)
    .where(and(eq(customTemplates.organizationId, member.organizationId), eq(customTemplates.key, key)));
  if (other && other.id !== ownId) throw keyTaken();
}

const keyTaken = () => refusedField("key", "key-taken", describeFault("key-taken"));
