import { Answer, isRecord } from "../http";
import { issueTypes, linkTypes, named, priorities, resolutionDone, statuses, type IssueType } from "../jira/catalog";
import { linkIssues, unlinkIssues } from "../jira/changes";
import { issueTypeOf, linkedIssue, linkTypeOf, priorityOf, projectOf, projectRef, statusOf } from "../jira/represent";
import { actorOf, assignable, issueOfCall, listOf, objectOf, paged, projectOfCall, refuse, visibleProjects, type Call } from "./call";
import { userOf } from "../jira/represent";

export function searchProjects(call: Call): unknown {
  const query = (call.query.get("query") ?? "").toLowerCase();
  const [ids, keys] = [listOf(call, "id"), listOf(call, "keys")];
  const order = call.query.get("orderBy") ?? "key";
  const by = (project: { key: string; name: string }): string => (/name$/.test(order) ? project.name : project.key);
  const found = visibleProjects(call)
    .filter(({ id, key, name }) => `${key}\n${name}`.toLowerCase().includes(query) && (ids.length === 0 || ids.includes(id)) && (keys.length === 0 || keys.includes(key)))
    .sort((a, b) => by(a).localeCompare(by(b)) * (order.startsWith("-") ? -1 : 1));
  const page = paged(call, found);
  const address = (startAt: number): string => `${call.voice.base}/project/search?maxResults=${page.maxResults}&startAt=${startAt}`;
  return {
    self: address(page.startAt),
    ...(!page.isLast && { nextPage: address(page.startAt + page.maxResults) }),
    ...page,
    values: page.values.map((project) => ({ ...projectRef(call.voice, project), isPrivate: project.viewers !== null, style: "classic", properties: {}, entityId: project.id, uuid: project.id })),
  };
}

export const getProject = (call: Call): unknown => projectOf(call.voice, projectOfCall(call));

export function projectStatuses(call: Call): unknown {
  projectOfCall(call);
  return issueTypes.map(({ id, name, subtask }) => ({ self: `${call.voice.base}/issuetype/${id}`, id, name, subtask, statuses: statuses.map((status) => statusOf(call.voice, status)) }));
}

export const allIssueTypes = (call: Call): unknown => issueTypes.map((type) => issueTypeOf(call.voice, type));

export function issueTypesOfProject(call: Call): unknown {
  projectOfCall(call, call.query.get("projectId") ?? "");
  return allIssueTypes(call);
}

export const allStatuses = (call: Call): unknown => statuses.map((status) => statusOf(call.voice, status));

export const allPriorities = (call: Call): unknown => priorities.map(({ id }) => priorityOf(call.voice, id));

export const allResolutions = (call: Call): unknown => [{ self: `${call.voice.base}/resolution/${resolutionDone.id}`, ...resolutionDone }];

export const allLinkTypes = (call: Call): unknown => ({ issueLinkTypes: linkTypes.map(({ id }) => linkTypeOf(call.voice, id)) });

export const allLabels = (call: Call): unknown => {
  const mine = new Set(visibleProjects(call).map(({ id }) => id));
  return paged(call, [...new Set(call.engine.store.all("issues").filter(({ projectId }) => mine.has(projectId)).flatMap(({ labels }) => labels))].sort(), { usual: 1_000, most: 1_000 });
};

export const serverInfo = (call: Call): unknown => ({
  baseUrl: `${call.engine.baseUrl}/sites/${call.site.slug}`,
  version: "1001.0.0-SNAPSHOT",
  versionNumbers: [1001, 0, 0],
  deploymentType: "Cloud",
  buildNumber: 100_000,
  serverTime: new Date(call.engine.clock.now()).toISOString().replace("Z", "+0000"),
  serverTitle: call.site.name,
});

export function metaIssueTypes(call: Call): unknown {
  projectOfCall(call);
  const { startAt, maxResults, total, values } = paged(call, issueTypes, { most: 200 });
  return { startAt, maxResults, total, issueTypes: values.map((type) => issueTypeOf(call.voice, type)) };
}

/** What a creation may set, and must. */
export function metaFields(call: Call): unknown {
  const project = projectOfCall(call);
  const type = issueTypes.find(({ id }) => id === call.path.type);
  if (!type) throw refuse(404, [`No issue type could be found with id '${call.path.type ?? ""}'.`]);
  const { startAt, maxResults, total, values } = paged(call, creationFields(call, type, project), { most: 200 });
  return { startAt, maxResults, total, fields: values };
}

function creationFields(call: Call, type: IssueType, project: ReturnType<typeof projectOfCall>): unknown[] {
  const field = (fieldId: string, name: string, schemaType: string, more: { required?: boolean; items?: string; operations?: string[]; allowedValues?: unknown[]; defaultValue?: unknown } = {}): unknown => ({
    required: false,
    schema: { type: schemaType, ...(more.items && { items: more.items }), system: fieldId },
    name,
    key: fieldId,
    fieldId,
    hasDefaultValue: more.defaultValue !== undefined,
    operations: ["set"],
    ...more,
  });
  return [
    field("summary", "Summary", "string", { required: true }),
    field("issuetype", "Issue Type", "issuetype", { required: true, operations: [], allowedValues: [issueTypeOf(call.voice, type)] }),
    field("project", "Project", "project", { required: true, allowedValues: [projectRef(call.voice, project)] }),
    field("parent", "Parent", "issuelink", { required: type.subtask }),
    field("description", "Description", "string"),
    field("priority", "Priority", "priority", { allowedValues: priorities.map(({ id }) => priorityOf(call.voice, id)), defaultValue: priorityOf(call.voice, "3") }),
    field("assignee", "Assignee", "user", { allowedValues: assignable(call, project).map((account) => userOf(call.voice, account)) }),
    field("reporter", "Reporter", "user", { required: true, defaultValue: userOf(call.voice, call.account) }),
    field("labels", "Labels", "array", { items: "string", operations: ["add", "set", "remove"] }),
    field("duedate", "Due date", "date"),
  ];
}

const ofLink = (call: Call, value: unknown) => issueOfCall(call, isRecord(value) ? String(value.key ?? value.id) : "");

export function postLink(call: Call): Answer {
  const { type, inwardIssue, outwardIssue } = objectOf(call);
  const found = isRecord(type) ? named(linkTypes, String(type.id ?? type.name)) : null;
  if (!found) throw refuse(404, ["No issue link type with the given name or id was found."]);
  linkIssues(actorOf(call), found.id, ofLink(call, inwardIssue), ofLink(call, outwardIssue));
  return new Answer(201);
}

const linkOfCall = (call: Call) => {
  const link = call.engine.store.get("links", call.path.id ?? "");
  if (link?.siteId !== call.site.id) throw refuse(404, [`No issue link with id '${call.path.id ?? ""}' exists.`]);
  return { link, inward: issueOfCall(call, link.inwardId), outward: issueOfCall(call, link.outwardId) };
};

export function getLink(call: Call): unknown {
  const { link, inward, outward } = linkOfCall(call);
  return { id: link.id, self: `${call.voice.base}/issueLink/${link.id}`, type: linkTypeOf(call.voice, link.typeId), inwardIssue: linkedIssue(call.voice, inward), outwardIssue: linkedIssue(call.voice, outward) };
}

export function removeLink(call: Call): Answer {
  unlinkIssues(actorOf(call), linkOfCall(call).link);
  return new Answer(204);
}
