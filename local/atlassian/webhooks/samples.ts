import { documentOf } from "../jira/adf";
import { issueTypes, linkTypes } from "../jira/catalog";
import { commentOf, historyOf, issueInComment, issueInWebhook, issueTypeOf, personOf, projectRef, siteVoice, worklogOf } from "../jira/represent";
import type { Engine } from "../engine";
import type { Account, Comment, Issue, Project, Site, Worklog } from "../world/entities";

/** A payload of any event, in the shape that Jira gives it, with what it leaves out left out. */
export interface SampleOf {
  site: Site;
  actor: Account;
  project: Project;
  issue: Issue;
}

export function samplePayload(engine: Engine, event: string, about: SampleOf): Record<string, unknown> {
  const { site, actor, project, issue } = about;
  const voice = siteVoice(engine, site);
  const now = engine.clock.now();
  const head = { timestamp: now, webhookEvent: event };
  const user = personOf(voice, actor.id);
  const named = (path: string, id: number, name: string, more: Record<string, unknown> = {}): Record<string, unknown> => ({ self: `${voice.base}/${path}/${id}`, id, name, ...more });
  const comment: Comment = issue.comments.at(-1) ?? { id: "10000", authorId: actor.id, updateAuthorId: actor.id, body: documentOf("A comment."), created: now, updated: now };
  const worklog: Worklog = issue.worklogs.at(-1) ?? { id: "10000", authorId: actor.id, comment: null, created: now, updated: now, started: now, seconds: 3_600 };
  const last = issue.changelog.at(-1);

  if (event.startsWith("jira:issue_")) {
    const changelog = last ? { id: last.id, items: historyOf(voice, last).items } : { id: "10000", items: [] };
    return { ...head, issue_event_type_name: event.replace("jira:", ""), user, issue: issueInWebhook(voice, issue), ...(event.endsWith("updated") && { changelog }) };
  }
  if (event.startsWith("jira:version_")) {
    const version = { self: `${voice.base}/version/10000`, id: "10000", name: "2.4", archived: false, released: event.endsWith("_released"), overdue: false, projectId: Number(project.id) };
    // A merge is told as the deletion of one into another.
    if (event.endsWith("merged")) return { ...head, webhookEvent: "jira:version_deleted", version, mergedTo: { ...version, id: "10001", name: "2.5" } };
    return { ...head, version };
  }
  if (event.startsWith("option_")) return { ...head, property: { key: event.replace(/_changed$/, ""), value: true } };
  switch (event.replace(/_(created|updated|deleted|set|started|closed|soft_deleted|restored_deleted|archived|restored_archived|configuration_changed)$/, "")) {
    case "comment":
      return { ...head, comment: commentOf(voice, issue, comment), issue: issueInComment(voice, issue), eventType: "primaryAction" };
    case "worklog":
      return { ...head, worklog: worklogOf(voice, issue, worklog) };
    case "attachment":
      return { ...head, attachment: { self: `${voice.base}/attachment/10000`, id: "10000", filename: "photo.png", author: user, created: new Date(now).toISOString(), size: 2_048, mimeType: "image/png", content: `${voice.base}/attachment/content/10000` } };
    case "issuelink": {
      const [type] = linkTypes;
      const issueLinkType = { id: 10_000, name: type?.name, outwardName: type?.outward, inwardName: type?.inward, isSubTaskLinkType: false, isSystemLinkType: false };
      return { ...head, issueLink: { id: 10_000, sourceIssueId: Number(issue.id), destinationIssueId: Number(issue.id) + 1, issueLinkType, systemLink: false, sequence: 1 } };
    }
    case "issue_property":
      return { ...head, issue: issueInComment(voice, issue), property: { key: "moim", value: { seen: true } } };
    case "issuetype":
      return { ...head, issuetype: issueTypes.map((type) => issueTypeOf(voice, type))[0] };
    case "project":
      return { ...head, project: { ...projectRef(voice, project), id: Number(project.id), projectLead: personOf(voice, project.leadId), assigneeType: "admin.assignee.type.unassigned" } };
    case "user":
      // A deletion says neither what it is nor when it was.
      return event === "user_deleted" ? { accountId: actor.id, user: { accountId: actor.id } } : { ...head, user };
    case "filter":
      return { ...head, filter: named("filter", 10_000, "My open issues", { jql: "assignee = currentUser()", owner: user }) };
    case "sprint":
      return { ...head, sprint: named("sprint", 1, "Sprint 1", { state: "active", originBoardId: 1, goal: "" }) };
    case "board":
      return { ...head, board: named("board", 1, `${project.key} board`, { type: "scrum" }) };
    default:
      return { ...head, details: { name: event } };
  }
}
