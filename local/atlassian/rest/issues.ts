import { Answer, isRecord } from "../http";
import { addComment, createIssue, deleteIssue, editIssue, transitionIssue } from "../jira/changes";
import { historyOf, issueOf, transitionOf, transitionsFrom } from "../jira/represent";
import { known, issueTypes } from "../jira/catalog";
import { actorOf, findIssue, issueOfCall, listOf, objectOf, paged, refuse, refuseFields, visibleProjects, type Call } from "./call";
import { commentInUpdate, readFields } from "./input";

export function getIssue(call: Call): unknown {
  const asked = listOf(call, "fields");
  return issueOf(call.voice, issueOfCall(call), { fields: asked.length > 0 ? asked : ["*all"], expand: listOf(call, "expand") });
}

/** Up to 100 by id or key; what the asker may not see is told apart from nothing. */
export function bulkFetch(call: Call): unknown {
  const { issueIdsOrKeys, fields, expand } = objectOf(call);
  const texts = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);
  const asked = texts(issueIdsOrKeys);
  if (asked.length === 0 || asked.length > 100) throw refuse(400, ["The number of issues to fetch must be between 1 and 100."]);
  const found = asked.map((idOrKey) => ({ idOrKey, issue: findIssue(call, idOrKey) }));
  const issues = new Map(found.flatMap(({ issue }) => (issue ? [[issue.id, issue] as const] : [])));
  return {
    expand: "schema,names",
    issues: [...issues.values()].map((issue) => issueOf(call.voice, issue, { fields: texts(fields).length > 0 ? texts(fields) : ["*navigable"], expand: texts(expand) })),
    issueErrors: found.flatMap(({ idOrKey, issue }) => (issue ? [] : [{ id: idOrKey, errorMessage: "Issue does not exist or you do not have permission to see it." }])),
  };
}

export function postIssue(call: Call): Answer {
  const body = objectOf(call);
  const fields = isRecord(body.fields) ? body.fields : {};
  const wanted = isRecord(fields.project) ? fields.project : {};
  const project = visibleProjects(call).find(({ id, key }) => id === String(wanted.id) || key === String(wanted.key).toUpperCase());
  if (!project) throw refuseFields({ project: "valid project is required" });
  const edit = readFields(call, body, project, null);
  if (edit.typeId === undefined) throw refuseFields({ issuetype: "Specify an issue type" });
  if (edit.summary === undefined) throw refuseFields({ summary: "You must specify a summary of the issue." });
  if (known(issueTypes, edit.typeId).subtask && !edit.parentId) throw refuseFields({ parent: "Issue type is a sub-task but parent issue key or id not specified." });
  const issue = createIssue(actorOf(call), {
    project,
    typeId: edit.typeId,
    summary: edit.summary,
    description: edit.description ?? null,
    priorityId: edit.priorityId ?? "3",
    assigneeId: edit.assigneeId ?? null,
    reporterId: edit.reporterId ?? call.account.id,
    labels: edit.labels ?? [],
    parentId: edit.parentId ?? null,
    dueDate: edit.dueDate ?? null,
  });
  return new Answer(201, { id: issue.id, key: issue.key, self: `${call.voice.base}/issue/${issue.id}` });
}

export function putIssue(call: Call): Answer {
  const issue = issueOfCall(call);
  const body = objectOf(call);
  const project = visibleProjects(call).find(({ id }) => id === issue.projectId);
  if (!project) throw refuse(404, ["Issue does not exist or you do not have permission to see it."]);
  const edit = readFields(call, body, project, issue);
  const comment = commentInUpdate(call, body);
  if (Object.keys(edit).length === 0 && !comment) throw refuse(400, ["one of 'fields' or 'update' required"]);
  const edited = editIssue(actorOf(call), issue, edit);
  if (comment) addComment(actorOf(call), edited, comment);
  return new Answer(204);
}

export function putAssignee(call: Call): Answer {
  const issue = issueOfCall(call);
  const { accountId } = objectOf(call);
  return putIssue({ ...call, path: { issue: issue.id }, body: { fields: { assignee: accountId === null ? null : { accountId } } } });
}

export function removeIssue(call: Call): Answer {
  const issue = issueOfCall(call);
  const hasSubtasks = call.engine.store.all("issues").some(({ parentId }) => parentId === issue.id);
  if (hasSubtasks && call.query.get("deleteSubtasks") !== "true") {
    throw refuse(400, [`The issue '${issue.key}' has subtasks. You must specify the 'deleteSubtasks' parameter to delete this issue and all its subtasks.`]);
  }
  deleteIssue(actorOf(call), issue);
  return new Answer(204);
}

export function getTransitions(call: Call): unknown {
  return { expand: "transitions", transitions: transitionsFrom(issueOfCall(call).statusId).map((one) => transitionOf(call.voice, one)) };
}

export function postTransition(call: Call): Answer {
  const issue = issueOfCall(call);
  const body = objectOf(call);
  const id = isRecord(body.transition) ? String(body.transition.id) : "";
  if (id === "") throw refuse(400, ["Missing 'transition' identifier"]);
  const transition = transitionsFrom(issue.statusId).find((one) => one.id === id);
  if (!transition) throw refuse(400, [`Transition id '${id}' is not valid for this issue.`]);
  transitionIssue(actorOf(call), issue, transition, commentInUpdate(call, body));
  return new Answer(204);
}

export function getChangelog(call: Call): unknown {
  const { changelog } = issueOfCall(call);
  const page = paged(call, changelog);
  return { self: `${call.voice.base}/issue/${call.path.issue ?? ""}/changelog`, ...page, values: page.values.map((history) => historyOf(call.voice, history)) };
}
