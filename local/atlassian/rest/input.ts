import { isRecord } from "../http";
import { documentOf, isDocument } from "../jira/adf";
import { issueTypes, named, priorities } from "../jira/catalog";
import type { Edit } from "../jira/changes";
import type { AdfNode, Issue, Project } from "../world/entities";
import { assignable, findIssue, refuseFields, type Call } from "./call";

/** Fields that anybody can name and nobody can set. */
const readOnly = new Set(["status", "created", "updated", "creator", "comment", "worklog", "issuelinks", "subtasks", "resolution"]);

type Read = (call: Call, value: unknown, project: Project) => Edit | string;

const refId = (value: unknown, ...names: string[]): string | null => {
  if (!isRecord(value)) return null;
  const found = names.map((name) => value[name]).find((one) => typeof one === "string" || typeof one === "number");
  return found === undefined ? null : String(found);
};

const person = (field: "assignee" | "reporter", set: (id: string | null) => Edit): Read => (call, value, project) => {
  if (value === null && field === "assignee") return set(null);
  const id = refId(value, "accountId", "id");
  if (id === null) return "data was not an object";
  if (id === "-1") return set(project.leadId);
  return assignable(call, project).some((account) => account.id === id) ? set(id) : `User '${id}' cannot be assigned issues.`;
};

const readers: Record<string, Read> = {
  summary: (_, value) => {
    if (typeof value !== "string") return "Operation value must be a string";
    if (value.trim() === "") return "You must specify a summary of the issue.";
    if (/[\r\n]/.test(value)) return "The summary is invalid because it contains newline characters.";
    return value.length > 255 ? "Summary can't exceed 255 characters." : { summary: value.trim() };
  },
  description: (call, value) => {
    if (value === null || value === "") return { description: null };
    const document = richText(call, value);
    return document ? { description: document } : notADocument;
  },
  issuetype: (_, value) => {
    const id = refId(value, "id", "name");
    const type = id === null ? null : named(issueTypes, id);
    return type ? { typeId: type.id } : "Specify a valid issue type";
  },
  priority: (_, value) => {
    const id = refId(value, "id", "name");
    const priority = id === null ? null : named(priorities, id);
    return priority ? { priorityId: priority.id } : "Specify the Priority (id or name) in the string format";
  },
  assignee: person("assignee", (assigneeId) => ({ assigneeId })),
  reporter: person("reporter", (reporterId) => (reporterId === null ? {} : { reporterId })),
  labels: (_, value) => {
    if (!Array.isArray(value) || !value.every((label) => typeof label === "string")) return "Operation value must be an array of strings";
    const spaced = (value as string[]).find((label) => /\s/.test(label));
    return spaced === undefined ? { labels: [...new Set(value as string[])] } : `The label '${spaced}' contains spaces which is invalid.`;
  },
  parent: (call, value) => {
    if (value === null) return { parentId: null };
    const parent = findIssue(call, refId(value, "id", "key") ?? "");
    return parent ? { parentId: parent.id } : "Could not find issue by id or key.";
  },
  duedate: (_, value) => (value === null || (typeof value === "string" && /^\d{4}-\d{2}-\d{2}$/.test(value)) ? { dueDate: value } : "Error parsing date string. Expected: yyyy-MM-dd"),
};

const notADocument = "Operation value must be an Atlassian Document (see the Atlassian Document Format)";

/** v3 takes documents, v2 wiki text. */
export function richText({ voice }: Call, value: unknown): AdfNode | null {
  if (voice.version === 3) return isDocument(value) ? value : null;
  return typeof value === "string" ? documentOf(value) : null;
}

/** `fields` and `update` of a body, checked field by field; all faults at once. @throws Answer */
export function readFields(call: Call, body: Record<string, unknown>, project: Project, before: Issue | null): Edit {
  const { project: _project, ...fields } = isRecord(body.fields) ? body.fields : {};
  const given: Record<string, unknown> = { ...fields, ...operated(isRecord(body.update) ? body.update : {}, before) };
  const errors: Record<string, string> = {};
  const edit: Edit = {};
  for (const [name, value] of Object.entries(given)) {
    const read = readers[name];
    if (!read || readOnly.has(name)) {
      errors[name] = `Field '${name}' cannot be set. It is not on the appropriate screen, or unknown.`;
      continue;
    }
    const result = read(call, value, project);
    if (typeof result === "string") errors[name] = result;
    else Object.assign(edit, result);
  }
  if (Object.keys(errors).length > 0) throw refuseFields(errors);
  return edit;
}

/** `{labels: [{add: "x"}, {remove: "y"}], summary: [{set: "z"}]}` as the values that result. */
function operated(update: Record<string, unknown>, before: Issue | null): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const [name, operations] of Object.entries(update)) {
    if (!Array.isArray(operations) || !operations.every(isRecord)) throw refuseFields({ [name]: "Operations must be an array of objects." });
    if (name === "comment") continue;
    for (const operation of operations) {
      if ("set" in operation) result[name] = operation.set;
      else if (name === "labels" && ("add" in operation || "remove" in operation)) {
        const labels = Array.isArray(result.labels) ? (result.labels as unknown[]) : (before?.labels ?? []);
        result.labels = "add" in operation ? [...labels, operation.add] : labels.filter((label) => label !== operation.remove);
      } else throw refuseFields({ [name]: `Operation '${Object.keys(operation)[0] ?? ""}' is not supported on the field.` });
    }
  }
  return result;
}

/** A comment that comes with an edit or a transition. @throws Answer */
export function commentInUpdate(call: Call, body: Record<string, unknown>): AdfNode | null {
  const update = isRecord(body.update) ? body.update.comment : undefined;
  if (!Array.isArray(update)) return null;
  const [first] = update as unknown[];
  const added = isRecord(first) && isRecord(first.add) ? richText(call, first.add.body) : null;
  if (!added) throw refuseFields({ comment: "Comment body is not valid!" });
  return added;
}
