import type { Engine } from "../engine";
import type { Account, AdfNode, Comment, History, Issue, IssueLink, Project, Site, Worklog } from "../world/entities";
import { htmlOf, wikiOf } from "./adf";
import { issueTypes, known, linkTypes, priorities, resolutionDone, statusCategories, statuses, transitions, type IssueType, type Status, type Transition } from "./catalog";
import { jiraTime } from "./time";

/** In whose words something is told: which addresses it carries, whose zone its times are in, and how it writes rich text. */
export interface Voice {
  engine: Engine;
  site: Site;
  /** `…/rest/api/3`, on the gateway for an application, on the site itself in webhooks. */
  base: string;
  version: 2 | 3;
  zone: string;
}

/** Webhooks speak as the site does, in v2. */
export const siteVoice = (engine: Engine, site: Site): Voice => ({ engine, site, base: `${engine.baseUrl}/sites/${site.slug}/rest/api/2`, version: 2, zone: "UTC" });

const rich = ({ version }: Voice, node: AdfNode | null): unknown => (node === null ? null : version === 3 ? node : wikiOf(node));

const avatars = ({ engine }: Voice): Record<string, string> => Object.fromEntries(["48x48", "24x24", "16x16", "32x32"].map((size) => [size, `${engine.baseUrl}/_page/icon.svg`]));

export function userOf(voice: Voice, account: Account, isSelf = false): Record<string, unknown> {
  return {
    self: `${voice.base}/user?accountId=${encodeURIComponent(account.id)}`,
    accountId: account.id,
    ...((account.emailVisible || isSelf) && { emailAddress: account.email }),
    avatarUrls: avatars(voice),
    displayName: account.name,
    active: true,
    timeZone: account.timeZone,
    accountType: "atlassian",
  };
}

export function personOf(voice: Voice, accountId: string | null): Record<string, unknown> | null {
  const account = accountId === null ? null : voice.engine.store.get("accounts", accountId);
  return account && userOf(voice, account);
}

export const projectRef = (voice: Voice, project: Project): Record<string, unknown> => ({
  self: `${voice.base}/project/${project.id}`,
  id: project.id,
  key: project.key,
  name: project.name,
  projectTypeKey: "software",
  simplified: false,
  avatarUrls: avatars(voice),
});

export const projectOf = (voice: Voice, project: Project): Record<string, unknown> => ({
  expand: "description,lead,issueTypes,url,projectKeys,permissions,insight",
  ...projectRef(voice, project),
  description: project.description,
  lead: personOf(voice, project.leadId),
  issueTypes: issueTypes.map((type) => issueTypeOf(voice, type)),
  style: "classic",
  isPrivate: project.viewers !== null,
  properties: {},
  entityId: project.id,
  uuid: project.id,
});

export const issueTypeOf = (voice: Voice, type: IssueType): Record<string, unknown> => ({
  self: `${voice.base}/issuetype/${type.id}`,
  id: type.id,
  description: type.description,
  iconUrl: `${voice.engine.baseUrl}/_page/icon.svg`,
  name: type.name,
  subtask: type.subtask,
  avatarId: 10_315,
  hierarchyLevel: type.hierarchyLevel,
});

export const statusOf = (voice: Voice, status: Status): Record<string, unknown> => ({
  self: `${voice.base}/status/${status.id}`,
  description: status.description,
  iconUrl: `${voice.engine.baseUrl}/_page/icon.svg`,
  name: status.name,
  id: status.id,
  statusCategory: { self: `${voice.base}/statuscategory/${statusCategories[status.category].id}`, ...statusCategories[status.category] },
});

export const priorityOf = (voice: Voice, id: string): Record<string, unknown> => {
  const { name, color, description } = known(priorities, id);
  return { self: `${voice.base}/priority/${id}`, statusColor: color, description, iconUrl: `${voice.engine.baseUrl}/_page/icon.svg`, name, id };
};

export const transitionOf = (voice: Voice, transition: Transition): Record<string, unknown> => ({
  id: transition.id,
  name: transition.name,
  to: statusOf(voice, known(statuses, transition.to)),
  hasScreen: false,
  isGlobal: false,
  isInitial: false,
  isAvailable: true,
  isConditional: false,
  isLooped: false,
});

export const transitionsFrom = (statusId: string): Transition[] => transitions.filter(({ from }) => from.includes(statusId));

export const commentOf = (voice: Voice, issue: Issue, comment: Comment): Record<string, unknown> => ({
  self: `${voice.base}/issue/${issue.id}/comment/${comment.id}`,
  id: comment.id,
  author: personOf(voice, comment.authorId),
  body: rich(voice, comment.body),
  updateAuthor: personOf(voice, comment.updateAuthorId),
  created: jiraTime(comment.created, voice.zone),
  updated: jiraTime(comment.updated, voice.zone),
  jsdPublic: true,
});

export const worklogOf = (voice: Voice, issue: Issue, worklog: Worklog): Record<string, unknown> => ({
  self: `${voice.base}/issue/${issue.id}/worklog/${worklog.id}`,
  author: personOf(voice, worklog.authorId),
  updateAuthor: personOf(voice, worklog.authorId),
  ...(worklog.comment && { comment: rich(voice, worklog.comment) }),
  created: jiraTime(worklog.created, voice.zone),
  updated: jiraTime(worklog.updated, voice.zone),
  started: jiraTime(worklog.started, voice.zone),
  timeSpent: spent(worklog.seconds),
  timeSpentSeconds: worklog.seconds,
  id: worklog.id,
  issueId: issue.id,
});

/** `1h 30m`. */
export function spent(seconds: number): string {
  const [hours, minutes] = [Math.floor(seconds / 3_600), Math.floor((seconds % 3_600) / 60)];
  return [hours > 0 ? `${hours}h` : "", minutes > 0 || hours === 0 ? `${minutes}m` : ""].filter(Boolean).join(" ");
}

export const historyOf = (voice: Voice, history: History): Record<string, unknown> => ({
  id: history.id,
  author: personOf(voice, history.authorId),
  created: jiraTime(history.created, voice.zone),
  items: history.items,
});

const timeSpent = (issue: Issue): number | null => (issue.worklogs.length === 0 ? null : issue.worklogs.reduce((sum, { seconds }) => sum + seconds, 0));

export const linkTypeOf = (voice: Voice, id: string): Record<string, unknown> => {
  const type = known(linkTypes, id);
  return { id, name: type.name, inward: type.inward, outward: type.outward, self: `${voice.base}/issueLinkType/${id}` };
};

function linkFrom(voice: Voice, issue: Issue, link: IssueLink): Record<string, unknown> | null {
  const isOutward = link.inwardId === issue.id;
  const other = voice.engine.store.get("issues", isOutward ? link.outwardId : link.inwardId);
  return other && {
    id: link.id,
    self: `${voice.base}/issueLink/${link.id}`,
    type: linkTypeOf(voice, link.typeId),
    [isOutward ? "outwardIssue" : "inwardIssue"]: linkedIssue(voice, other),
  };
}

export const linkedIssue = (voice: Voice, issue: Issue): Record<string, unknown> => ({
  id: issue.id,
  key: issue.key,
  self: `${voice.base}/issue/${issue.id}`,
  fields: pick(fieldMakers(voice, issue), ["summary", "status", "priority", "issuetype"]),
});

type Makers = Record<string, () => unknown>;

/** Every field by its id. Functions, as most answers want few of them. */
function fieldMakers(voice: Voice, issue: Issue): Makers {
  const { store } = voice.engine;
  const project = store.get("projects", issue.projectId);
  const done = issue.resolved !== null;
  const status = known(statuses, issue.statusId);
  const seconds = timeSpent(issue);
  return {
    summary: () => issue.summary,
    description: () => rich(voice, issue.description),
    issuetype: () => issueTypeOf(voice, known(issueTypes, issue.typeId)),
    project: () => project && projectRef(voice, project),
    status: () => statusOf(voice, status),
    statusCategory: () => ({ self: `${voice.base}/statuscategory/${statusCategories[status.category].id}`, ...statusCategories[status.category] }),
    statuscategorychangedate: () => jiraTime(issue.updated, voice.zone),
    priority: () => priorityOf(voice, issue.priorityId),
    assignee: () => personOf(voice, issue.assigneeId),
    reporter: () => personOf(voice, issue.reporterId),
    creator: () => personOf(voice, issue.creatorId),
    labels: () => issue.labels,
    created: () => jiraTime(issue.created, voice.zone),
    updated: () => jiraTime(issue.updated, voice.zone),
    duedate: () => issue.dueDate,
    resolution: () => (done ? { self: `${voice.base}/resolution/${resolutionDone.id}`, ...resolutionDone } : null),
    resolutiondate: () => (issue.resolved === null ? null : jiraTime(issue.resolved, voice.zone)),
    parent: () => {
      const parent = store.get("issues", issue.parentId ?? "");
      return parent ? linkedIssue(voice, parent) : undefined;
    },
    subtasks: () => store.all("issues").filter(({ parentId }) => parentId === issue.id).map((one) => linkedIssue(voice, one)),
    issuelinks: () => store.all("links").filter((link) => link.inwardId === issue.id || link.outwardId === issue.id).flatMap((link) => linkFrom(voice, issue, link) ?? []),
    fixVersions: () => [],
    versions: () => [],
    components: () => [],
    environment: () => null,
    security: () => null,
    timespent: () => seconds,
    aggregatetimespent: () => seconds,
    timetracking: () => (seconds === null ? {} : { timeSpent: spent(seconds), timeSpentSeconds: seconds }),
    workratio: () => -1,
    watches: () => ({ self: `${voice.base}/issue/${issue.key}/watchers`, watchCount: 1, isWatching: false }),
    votes: () => ({ self: `${voice.base}/issue/${issue.key}/votes`, votes: 0, hasVoted: false }),
    customfield_10020: () => null,
    attachment: () => [],
    comment: () => ({
      comments: issue.comments.map((comment) => commentOf(voice, issue, comment)),
      self: `${voice.base}/issue/${issue.id}/comment`,
      maxResults: issue.comments.length,
      total: issue.comments.length,
      startAt: 0,
    }),
    worklog: () => ({ startAt: 0, maxResults: 20, total: issue.worklogs.length, worklogs: issue.worklogs.map((worklog) => worklogOf(voice, issue, worklog)) }),
  };
}

const pick = (makers: Makers, names: Iterable<string>): Record<string, unknown> =>
  Object.fromEntries([...names].flatMap((name) => {
    const value = makers[name]?.();
    return value === undefined ? [] : [[name, value]];
  }));

/** Not part of what a list shows. */
const notNavigable = new Set(["comment", "worklog", "attachment", "timetracking"]);

/** `*all`, `*navigable`, names, and `-name` for what is left out. */
function wantedFields(makers: Makers, asked: readonly string[]): Set<string> {
  const all = Object.keys(makers);
  const onlyLeftOut = asked.every((name) => name.startsWith("-"));
  const wanted = new Set<string>(onlyLeftOut ? all.filter((name) => !notNavigable.has(name)) : []);
  for (const name of asked) {
    if (name === "*all") for (const one of all) wanted.add(one);
    else if (name === "*navigable") for (const one of all) if (!notNavigable.has(one)) wanted.add(one);
    if (name in makers) wanted.add(name);
  }
  for (const name of asked) if (name.startsWith("-")) wanted.delete(name.slice(1));
  return wanted;
}

export interface IssueOptions {
  fields: readonly string[];
  expand: readonly string[];
}

const anExpansion = "renderedFields,names,schema,operations,editmeta,changelog,versionedRepresentations";

export function issueOf(voice: Voice, issue: Issue, { fields, expand }: IssueOptions): Record<string, unknown> {
  const makers = fieldMakers(voice, issue);
  const wanted = wantedFields(makers, fields);
  const onlyId = wanted.size === 0 && fields.every((name) => name === "id");
  return {
    ...(!onlyId && { expand: anExpansion }),
    id: issue.id,
    ...(!onlyId && { self: `${voice.base}/issue/${issue.id}`, key: issue.key }),
    ...(!onlyId && { fields: pick(makers, wanted) }),
    ...(expand.includes("renderedFields") && {
      renderedFields: {
        description: htmlOf(issue.description),
        created: jiraTime(issue.created, voice.zone),
        updated: jiraTime(issue.updated, voice.zone),
        comment: { comments: issue.comments.map((comment) => ({ ...commentOf(voice, issue, comment), body: htmlOf(comment.body) })) },
      },
    }),
    ...(expand.includes("transitions") && { transitions: transitionsFrom(issue.statusId).map((one) => transitionOf(voice, one)) }),
    ...(expand.includes("changelog") && {
      changelog: {
        startAt: 0,
        maxResults: issue.changelog.length,
        total: issue.changelog.length,
        histories: issue.changelog.toReversed().map((history) => historyOf(voice, history)),
      },
    }),
  };
}

/** All that a webhook about an issue carries of it. */
export const issueInWebhook = (voice: Voice, issue: Issue): Record<string, unknown> => {
  const makers = fieldMakers(voice, issue);
  return {
    id: issue.id,
    self: `${voice.base}/${issue.id}`,
    key: issue.key,
    fields: pick(makers, Object.keys(makers).filter((name) => !["comment", "worklog"].includes(name))),
  };
};

/** The little that a webhook about a comment carries of its issue. */
export const issueInComment = (voice: Voice, issue: Issue): Record<string, unknown> => ({
  id: issue.id,
  self: `${voice.base}/issue/${issue.id}`,
  key: issue.key,
  fields: pick(fieldMakers(voice, issue), ["summary", "issuetype", "project", "assignee", "priority", "status"]),
});
