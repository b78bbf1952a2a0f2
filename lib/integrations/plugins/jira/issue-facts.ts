import type { IssueFacts, PluginFacts } from "../../events";
import type { Place } from "../../plugin";
import { instant, isObject, listOf, objectOf, own, text, type Json } from "./json";

type Account = NonNullable<PluginFacts["actor"]>;
type Change = PluginFacts["changes"][number];

/** Somebody over there. `accoundId` stands in some of Jira's own examples. */
export function accountOf(value: unknown): Account | null {
  const account = objectOf(value);
  const id = text(account.accountId, 128) ?? text(account.accoundId, 128) ?? text(account.name, 128);
  return id === null ? null : { id, name: text(account.displayName, 200) ?? text(account.name, 200) ?? id };
}

const named = (value: unknown): string | null => (isObject(value) ? text(value.name, 200) : text(value, 200));

/** `MOIM-12` is an issue of `MOIM`, should nothing else say so. */
function projectOf(value: unknown, issueKey: string): IssueFacts["project"] {
  const project = objectOf(value);
  const key = text(project.key, 50) ?? issueKey.replace(/-\d+$/, "");
  return { id: text(project.id, 50) ?? "", key, name: text(project.name, 200) ?? key };
}

/** Null for what has no id and key, and therefore is no issue. */
export function issueFactsOf(value: unknown, { metadata }: Pick<Place, "metadata">): IssueFacts | null {
  const issue = objectOf(value);
  const [id, key] = [text(issue.id, 50), text(issue.key, 60)];
  if (id === null || key === null) return null;
  const fields = objectOf(issue.fields);
  const status = objectOf(fields.status);
  return {
    id,
    key,
    summary: text(fields.summary) ?? "",
    url: browseUrl(metadata.siteUrl, key),
    project: projectOf(fields.project, key),
    type: named(fields.issuetype),
    status: named(fields.status),
    statusCategory: text(objectOf(status.statusCategory).key, 50),
    priority: named(fields.priority),
    assignee: accountOf(fields.assignee),
    reporter: accountOf(fields.reporter),
    labels: listOf(fields.labels).slice(0, 100).flatMap((label) => text(label, 100) ?? []),
    updatedAt: instant(fields.updated),
    ...(isObject(fields.security) && { restricted: true }),
  };
}

export function browseUrl(siteUrl: string | undefined, key: string): string | null {
  if (!siteUrl || !/^https?:\/\//.test(siteUrl)) return null;
  return `${siteUrl.replace(/\/+$/, "")}/browse/${encodeURIComponent(key)}`;
}

/** What a reader most wants to know first; the rest as Jira says it. */
const importance = ["status", "assignee", "priority", "resolution", "summary", "duedate", "issuetype", "project", "sprint", "fix version", "labels", "description"];
const rankOf = ({ field }: Change) => {
  const rank = importance.indexOf(field.toLowerCase());
  return rank < 0 ? importance.length : rank;
};

const changesMax = 50;

export function changesOf(changelog: Json): Change[] {
  const changes = listOf(changelog.items).slice(0, changesMax).flatMap((value) => {
    const item = objectOf(value);
    const field = text(item.field, 100) ?? text(item.fieldId, 100);
    if (field === null) return [];
    const [fromId, toId] = [text(own(item, "from"), 200), text(own(item, "to"), 200)];
    return [{ field, from: text(own(item, "fromString")) ?? fromId, to: text(own(item, "toString")) ?? toId, fromId, toId }];
  });
  return changes.sort((a, b) => rankOf(a) - rankOf(b));
}
