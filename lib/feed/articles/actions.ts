"use server";

import { revalidatePath } from "next/cache";
import { redirect } from "next/navigation";
import { z } from "zod";
import { submitForm } from "@/lib/platform/action";
import { Refused } from "@/lib/platform/errors";
import { formFields } from "@/lib/platform/form-fields";
import type { FormState } from "@/lib/platform/form-state";
import { parseInput } from "@/lib/platform/validation";
import { actingMember, type Member } from "@/lib/organizations/actor";
import { documentTextInput } from "../document/inputs";
import { textOfDocument } from "../document/plain/rules";
import { saveDraft } from "../drafts/commands";
import { draftOf } from "../drafts/queries";
import { feedsAt } from "../feeds/queries";
import { archiveArticle, deleteArticle, moveFeed, publishArticle, restoreArticle, restoreVersion, setCommentsOpen, setPinned, startArticle, unscheduleArticle } from "./commands";
import { pinForm, startInput, writingInput, type WritingInput } from "./writing/inputs";
import { endOfDay, instantOf, writingShape } from "./writing/rules";

/** The edges of the pages of articles: parse, resolve the member, command. Each is bound to what its page is about. */
export async function startArticleAction(organization: string, workspace: string, _: FormState, form: FormData): Promise<FormState> {
  return submitForm(form, startInput, (fields) => formFields(fields, ["idempotencyKey"], ["feedId"]), async ({ feedId, idempotencyKey }) => {
    const member = await actingMember(organization);
    const { feeds } = await feedsAt(member, workspace);
    const feed = feeds.find(({ id, mayPublish }) => (feedId === undefined ? mayPublish : id === feedId));
    if (!feed) throw new Refused(feedId === undefined ? "FORBIDDEN" : "NOT_FOUND");
    const { articleId } = await startArticle(member, { feedId: feed.id }, idempotencyKey);
    redirect(`/${organization}/articles/${articleId}/edit`);
  });
}

/** Publishes what is written; without the editor also what saves it. Saved first, so that a refusal loses nothing. */
export async function writeAction(organization: string, articleId: string, _: FormState, form: FormData): Promise<FormState> {
  return submitForm(form, writingInput, writingShape, async (input) => {
    const member = await actingMember(organization);
    const page = `/${organization}/articles/${articleId}`;
    const revision = input.plain ? await savePlain(member, articleId, input) : input.revision;
    if (input.intent === "save") redirect(`${page}/edit?saved=1`);
    if (input.intent === "preview") redirect(`${page}/edit?preview=1`);
    const { state, version } = await publish(member, articleId, input, revision);
    if (input.pinned && state === "published") await pinAtHome(member, articleId);
    revalidatePath(`/${organization}`, "layout");
    redirect(state === "scheduled" ? `${page}/edit?scheduled=1` : `${page}?published=${version}`);
  });
}

async function publish(member: Member, articleId: string, input: WritingInput, revision: number) {
  if (input.feedId !== undefined) await moveFeed(member, articleId, input.feedId);
  const { version, workspaceIds, notify, commentsOpen, publishAt, mustRead } = input;
  return publishArticle(member, articleId, {
    revision,
    version,
    workspaceIds,
    notify,
    commentsOpen,
    mustRead: mustRead && { dueAt: mustRead.dueDate && endOfDay(mustRead.dueDate, member.timeZone) },
    ...(publishAt && { publishAt: instantOf(publishAt, member.timeZone) }),
  });
}

/** Readers have it by then: should there be no room for another pin after all, it stands in the feed like others. */
async function pinAtHome(member: Member, articleId: string): Promise<void> {
  const home = (await draftOf(member, articleId)).workspaces.find((workspace) => workspace.home);
  if (!home) return;
  await setPinned(member, articleId, { workspaceId: home.id, pinned: true }).catch((error: unknown) => {
    if (!(error instanceof Refused)) throw error;
  });
}

/** What stands in the plain fields. Text that was left as it was keeps what plain text cannot say. */
async function savePlain(member: Member, articleId: string, { title = "", text, coverId = null, revision, basedOn }: WritingInput): Promise<number> {
  const draft = await draftOf(member, articleId);
  const sameText = text === undefined || withoutReturns(text) === withoutReturns(textOfDocument(draft.document));
  const document = sameText ? draft.document : parseInput(documentTextInput, text, ["text"]);
  return (await saveDraft(member, articleId, { title, document, coverId, revision, basedOn, tab: "form" })).revision;
}

const withoutReturns = (text: string) => text.replace(/\r\n?/g, "\n").trim();

const nothing = z.strictObject({});
const versionForm = z.strictObject({ version: z.coerce.number("invalid").int("invalid").min(1, "invalid") });
const openForm = z.strictObject({ open: z.boolean() });

export async function unscheduleAction(organization: string, articleId: string, _: FormState, form: FormData): Promise<FormState> {
  return submitForm(form, nothing, () => ({}), async () => {
    await unscheduleArticle(await actingMember(organization), articleId);
    revalidatePath(`/${organization}`, "layout");
    redirect(`/${organization}/articles/${articleId}/edit`);
  });
}

export async function restoreVersionAction(organization: string, articleId: string, _: FormState, form: FormData): Promise<FormState> {
  return submitForm(form, versionForm, (fields) => formFields(fields, ["version"]), async ({ version }) => {
    await restoreVersion(await actingMember(organization), articleId, version);
    redirect(`/${organization}/articles/${articleId}/edit?restored=${version}`);
  });
}

export async function archiveArticleAction(organization: string, articleId: string, _: FormState, form: FormData): Promise<FormState> {
  return changed(organization, form, (member) => archiveArticle(member, articleId));
}

export async function restoreArticleAction(organization: string, articleId: string, _: FormState, form: FormData): Promise<FormState> {
  return changed(organization, form, (member) => restoreArticle(member, articleId));
}

/** @param workspace slug of the one whose news are shown afterwards: there is nothing left where it stood. */
export async function deleteArticleAction(organization: string, articleId: string, workspace: string | null, _: FormState, form: FormData): Promise<FormState> {
  return changed(organization, form, async (member) => {
    await deleteArticle(member, articleId);
    revalidatePath(`/${organization}`, "layout");
    redirect(workspace === null ? `/${organization}` : `/${organization}/w/${encodeURIComponent(workspace)}`);
  });
}

export async function setPinnedAction(organization: string, articleId: string, _: FormState, form: FormData): Promise<FormState> {
  const shape = (fields: FormData) => ({ ...formFields(fields, ["workspaceId"]), pinned: fields.get("pinned") === "on" });
  return submitForm(form, pinForm, shape, async (wish) => {
    await setPinned(await actingMember(organization), articleId, wish);
    revalidatePath(`/${organization}`, "layout");
  });
}

export async function setCommentsOpenAction(organization: string, articleId: string, _: FormState, form: FormData): Promise<FormState> {
  return submitForm(form, openForm, (fields) => ({ open: fields.get("open") === "on" }), async ({ open }) => {
    await setCommentsOpen(await actingMember(organization), articleId, open);
    revalidatePath(`/${organization}`, "layout");
  });
}

const changed = (organization: string, form: FormData, change: (member: Member) => Promise<void>): Promise<FormState> =>
  submitForm(form, nothing, () => ({}), async () => {
    await change(await actingMember(organization));
    revalidatePath(`/${organization}`, "layout");
  });
