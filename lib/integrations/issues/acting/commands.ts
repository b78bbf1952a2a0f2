import { Refused } from "@/lib/platform/errors";
import { onceRemotely } from "@/lib/platform/idempotency/remote";
import type { Member } from "@/lib/organizations/actor";
import { documentOf, plainOf, readDocument, type Mentionable } from "../../plugins/jira/adf";
import { JiraError, refusedByJira } from "../../plugins/jira/client";
import { addComment, assignIssue, assignableIn, createIssue, fetchIssues, latestComments, transitionIssue } from "../../plugins/jira/issues";
import { noteSights } from "../commands";
import { deskOf, type Desk } from "../desk/queries";
import type { CommentInput, CreateIssueInput, TransitionInput } from "../inputs";
import { isIssueKey, projectOfKey } from "../keys/inputs";
import { issuesMadeSince } from "../lookup/queries";

/** Our clocks need not agree. */
const clockSkewMs = 2 * 60 * 1000;

/**
 * Comments as the member. `@` before the full name of somebody who may be given issues there mentions them.
 * @throws Refused NOT_FOUND, ACCOUNT_NEEDED, RECONNECT_NEEDED, JIRA_REFUSED in Jira's words, JIRA_UNAVAILABLE, and for a key that was used: IDEMPOTENCY_*.
 */
export async function commentOn(member: Member, connectionId: string, key: string, { text }: CommentInput, { idempotencyKey }: { idempotencyKey?: string } = {}): Promise<{ commentId: string }> {
  const desk = await deskAt(member, connectionId, key);
  return acting(async () => {
    const document = documentOf(text, text.includes("@") ? await mentionable(desk, projectOfKey(key)) : []);
    const words = plainOf(readDocument(document));
    const work = () => addComment(desk.jira, key, document);
    const find = async (since: Date) => {
      const { comments } = await latestComments(desk.jira, key, 50);
      const mine = comments.filter(({ author, at }) => author?.id === desk.person.accountId && at !== null && Date.parse(at) >= since.getTime() - clockSkewMs);
      return mine.find(({ body }) => plainOf(body) === words)?.id ?? null;
    };
    return { commentId: await once(member, idempotencyKey, { operation: "comment", input: [connectionId, key, text] }, { work, find }) };
  }, { comment: "text" });
}

/** Without names a mention is text, and the comment goes out all the same. */
const mentionable = (desk: Desk, project: string): Promise<Mentionable[]> =>
  assignableIn(desk.jira, project).then(
    (people) => people.map(({ id, name }) => ({ accountId: id, name })),
    () => [],
  );

/** Moves it on, as the member. @throws as `commentOn`. */
export async function transition(member: Member, connectionId: string, key: string, { transitionId }: TransitionInput): Promise<void> {
  const desk = await deskAt(member, connectionId, key);
  await acting(() => transitionIssue(desk.jira, key, transitionId));
  await lookAgain(member, desk, key);
}

/** Gives it to the member themselves. @throws as `commentOn`. */
export async function assignToMe(member: Member, connectionId: string, key: string): Promise<void> {
  const desk = await deskAt(member, connectionId, key);
  await acting(() => assignIssue(desk.jira, key, desk.person.accountId));
  await lookAgain(member, desk, key);
}

/** Makes an issue as the member. @throws as `commentOn`; what Jira says of a field stands at that field. */
export async function makeIssue(member: Member, { connection, ...input }: CreateIssueInput, { idempotencyKey }: { idempotencyKey?: string } = {}): Promise<{ connectionId: string; key: string }> {
  const desk = await deskOf(member, connection);
  return acting(async () => {
    const people = input.description.includes("@") ? await mentionable(desk, input.project) : [];
    const description = input.description.trim() === "" ? null : documentOf(input.description, people);
    const work = async () => (await createIssue(desk.jira, { ...input, description })).key;
    const find = async (since: Date) => (await issuesMadeSince(desk, input.project, since)).find(({ summary }) => summary === input.summary)?.key ?? null;
    const key = await once(member, idempotencyKey, { operation: "create-issue", input: [desk.connection.id, input] }, { work, find });
    await lookAgain(member, desk, key);
    return { connectionId: desk.connection.id, key };
  }, createFields);
}

/** Jira's names of fields, and ours. */
const createFields: Record<string, string> = { summary: "summary", description: "description", assignee: "assigneeId", priority: "priorityId", labels: "labels", project: "project", issuetype: "typeId" };

function once(
  member: Member,
  key: string | undefined,
  request: { operation: string; input: unknown },
  remote: { work: () => Promise<string>; find: (since: Date) => Promise<string | null> },
): Promise<string> {
  if (!key) return remote.work();
  return onceRemotely(member, { key, ...request }, { ...remote, isUnknown: (error) => error instanceof JiraError && error.kind === "unavailable" });
}

async function deskAt(member: Member, connectionId: string, key: string): Promise<Desk> {
  if (!isIssueKey(key)) throw new Refused("NOT_FOUND");
  return deskOf(member, connectionId);
}

/** Cards everywhere show it at once, and not only when Jira reports it. What cannot be read now is reported all the same. */
async function lookAgain(member: Member, desk: Desk, key: string): Promise<void> {
  try {
    await noteSights(member, desk, { seen: await fetchIssues(desk.jira, desk.connection, [key]) });
  } catch (error) {
    if (!(error instanceof JiraError)) throw error;
  }
}

/** Jira's refusal in Jira's own words, at the field that they are about or else above the form. */
async function acting<T>(work: () => Promise<T>, fields: Record<string, string> = {}): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof JiraError)) throw error;
    const said = [...error.messages.map((words) => ({ field: "", words })), ...Object.entries(error.errors).map(([name, words]) => atField(name, words, fields))];
    if ((error.kind !== "invalid" && error.kind !== "forbidden") || said.length === 0) throw refusedByJira(error);
    throw new Refused("JIRA_REFUSED", {
      detail: said.map(({ words }) => words).join(" ").slice(0, 500),
      fields: said.map(({ field, words }) => ({ path: [field], code: "jira", detail: words.slice(0, 500) })),
    });
  }
}

function atField(name: string, words: string, fields: Record<string, string>): { field: string; words: string } {
  const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
  return field ? { field, words } : { field: "", words: `${name}: ${words}` };
}
