import { Answer } from "../http";
import { addComment, addWorklog, deleteComment, deleteWorklog, editComment } from "../jira/changes";
import { commentOf, worklogOf } from "../jira/represent";
import type { AdfNode, Comment, Issue } from "../world/entities";
import { actorOf, isAdmin, issueOfCall, objectOf, paged, refuse, refuseFields, type Call } from "./call";
import { richText } from "./input";

export function getComments(call: Call): unknown {
  const issue = issueOfCall(call);
  const order = call.query.get("orderBy") ?? "created";
  const { values, startAt, maxResults, total } = paged(call, order.startsWith("-") ? issue.comments.toReversed() : issue.comments, { usual: 100, most: 5_000 });
  return { startAt, maxResults, total, comments: values.map((comment) => commentOf(call.voice, issue, comment)) };
}

export function getComment(call: Call): unknown {
  const { issue, comment } = commentOfCall(call);
  return commentOf(call.voice, issue, comment);
}

export function postComment(call: Call): Answer {
  const added = addComment(actorOf(call), issueOfCall(call), bodyOf(call));
  return new Answer(201, commentOf(call.voice, added.issue, added.comment));
}

export function putComment(call: Call): unknown {
  const { issue, comment } = ownComment(call, "edit");
  return commentOf(call.voice, issue, editComment(actorOf(call), issue, comment, bodyOf(call)));
}

export function removeComment(call: Call): Answer {
  const { issue, comment } = ownComment(call, "delete");
  deleteComment(actorOf(call), issue, comment);
  return new Answer(204);
}

function bodyOf(call: Call): AdfNode {
  const document = richText(call, objectOf(call).body);
  if (!document) throw refuseFields({ comment: "Comment body is not valid!" });
  return document;
}

function commentOfCall(call: Call): { issue: Issue; comment: Comment } {
  const issue = issueOfCall(call);
  const comment = issue.comments.find(({ id }) => id === call.path.id);
  if (!comment) throw refuse(404, [`Can not find a comment for the id: ${call.path.id ?? ""}.`]);
  return { issue, comment };
}

function ownComment(call: Call, verb: string): { issue: Issue; comment: Comment } {
  const found = commentOfCall(call);
  if (found.comment.authorId !== call.account.id && !isAdmin(call)) throw refuse(400, [`${call.account.name}, you do not have the permission to ${verb} this comment.`]);
  return found;
}

export function getWorklogs(call: Call): unknown {
  const issue = issueOfCall(call);
  const { values, startAt, maxResults, total } = paged(call, issue.worklogs, { usual: 5_000, most: 5_000 });
  return { startAt, maxResults, total, worklogs: values.map((worklog) => worklogOf(call.voice, issue, worklog)) };
}

export function postWorklog(call: Call): Answer {
  const issue = issueOfCall(call);
  const { timeSpentSeconds, started, comment } = objectOf(call);
  if (typeof timeSpentSeconds !== "number" || timeSpentSeconds < 60) throw refuseFields({ timeLogged: "You must indicate the time spent working." });
  const at = typeof started === "string" ? Date.parse(started) : call.engine.clock.now();
  if (Number.isNaN(at)) throw refuse(400, ["Cannot parse 'started'."]);
  const worklog = addWorklog(actorOf(call), issue, { seconds: timeSpentSeconds, started: at, comment: richText(call, comment) });
  return new Answer(201, worklogOf(call.voice, issue, worklog));
}

export function removeWorklog(call: Call): Answer {
  const issue = issueOfCall(call);
  const worklog = issue.worklogs.find(({ id }) => id === call.path.id);
  if (!worklog) throw refuse(404, [`Cannot find worklog with id: '${call.path.id ?? ""}'.`]);
  deleteWorklog(actorOf(call), issue, worklog);
  return new Answer(204);
}
