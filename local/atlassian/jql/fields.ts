import { plainTextOf } from "../jira/adf";
import { issueTypes, known, named, priorities, statusCategories, statuses } from "../jira/catalog";
import type { Issue, Project } from "../world/entities";
import { maySee, type Asker } from "./asker";
import { JqlError } from "./lexer";
import type { Operator } from "./parser";

export type Test = (issue: Issue) => boolean;

export interface Field {
  operators: readonly Operator[];
  /** Makes a test for one operand; lists and negations are built upon it. */
  equals?: (operand: string, asker: Asker) => Test;
  isEmpty?: Test;
  contains?: (operand: string) => Test;
  /** For comparisons with an instant. */
  instant?: (issue: Issue) => number | null;
  order?: (issue: Issue, asker: Asker) => string | number;
}

const choice: readonly Operator[] = ["=", "!=", "in", "not in", "is", "is not"];
const text: readonly Operator[] = ["~", "!~", "is", "is not"];
const date: readonly Operator[] = ["=", "!=", ">", ">=", "<", "<=", "is", "is not", "in", "not in"];

const missing = (field: string, value: string): JqlError => new JqlError(`The value '${value}' does not exist for the field '${field}'.`);

const projectOf = (asker: Asker, value: string, field = "project"): Project => {
  const wanted = value.toLowerCase();
  const found = asker.store.all("projects").find(
    (project) =>
      project.siteId === asker.siteId && maySee(project, asker.account.id) && [project.id, project.key, project.name].some((name) => name.toLowerCase() === wanted),
  );
  if (!found) throw missing(field, value);
  return found;
};

const person = (field: string, of: (issue: Issue) => string | null): Field => ({
  operators: choice,
  equals: (operand, { store, account }) => {
    const id = operand === "currentUser()" ? account.id : store.all("accounts").find((one) => one.id === operand || one.name === operand || one.email === operand)?.id;
    if (id === undefined) throw missing(field, operand);
    return (issue) => of(issue) === id;
  },
  isEmpty: (issue) => of(issue) === null,
  order: (issue, { store }) => store.get("accounts", of(issue) ?? "")?.name ?? "",
});

const key: Field = {
  operators: [...choice, ">", ">=", "<", "<="],
  equals: (operand, { store, siteId, account }) => {
    const wanted = operand.toUpperCase();
    const found = store.all("issues").find((issue) => issue.siteId === siteId && (issue.key === wanted || issue.id === operand || issue.formerKeys.includes(wanted)));
    const project = found && store.get("projects", found.projectId);
    if (!found || !project || !maySee(project, account.id)) throw new JqlError(`An issue with key '${operand}' does not exist for field 'key'.`);
    return (issue) => issue.id === found.id;
  },
  isEmpty: () => false,
  order: (issue) => `${issue.key.replace(/\d+$/, "")}${String(numberOf(issue.key)).padStart(9, "0")}`,
};

const has = (content: string) => (operand: string): boolean => words(operand).every((word) => words(content).some((one) => (word.endsWith("*") ? one.startsWith(word.slice(0, -1)) : one === word)));
const words = (content: string): string[] => content.toLowerCase().split(/[^\p{L}\p{N}*]+/u).filter((word) => word !== "");

const everything = (issue: Issue): string => [issue.summary, plainTextOf(issue.description), ...issue.comments.map(({ body }) => plainTextOf(body))].join(" ");

/** Every field that a query may name. */
const fields: Record<string, Field> = {
  project: {
    operators: choice,
    equals: (operand, asker) => {
      const { id } = projectOf(asker, operand);
      return (issue) => issue.projectId === id;
    },
    isEmpty: () => false,
    order: (issue, { store }) => store.get("projects", issue.projectId)?.name ?? "",
  },
  key,
  status: {
    operators: choice,
    equals: byName("status", statuses, (issue) => issue.statusId),
    isEmpty: () => false,
    order: (issue) => statuses.findIndex(({ id }) => id === issue.statusId),
  },
  statuscategory: {
    operators: choice,
    equals: (operand) => {
      const wanted = operand.toLowerCase();
      const category = Object.values(statusCategories).find(({ id, key: name, name: label }) => [String(id), name, label.toLowerCase()].includes(wanted));
      if (!category) throw missing("statusCategory", operand);
      return (issue) => known(statuses, issue.statusId).category === category.key;
    },
    isEmpty: () => false,
    order: (issue) => statusCategories[known(statuses, issue.statusId).category].id,
  },
  assignee: person("assignee", (issue) => issue.assigneeId),
  reporter: person("reporter", (issue) => issue.reporterId),
  creator: person("creator", (issue) => issue.creatorId),
  issuetype: {
    operators: choice,
    equals: byName("issuetype", issueTypes, (issue) => issue.typeId),
    isEmpty: () => false,
    order: (issue) => known(issueTypes, issue.typeId).name,
  },
  priority: {
    operators: [...choice, ">", ">=", "<", "<="],
    equals: byName("priority", priorities, (issue) => issue.priorityId),
    isEmpty: () => false,
    // The highest has the smallest id.
    order: (issue) => -Number(issue.priorityId),
  },
  labels: {
    operators: choice,
    equals: (operand) => (issue) => issue.labels.includes(operand),
    isEmpty: (issue) => issue.labels.length === 0,
    order: (issue) => issue.labels.join(" "),
  },
  parent: {
    operators: choice,
    equals: (operand, asker) => {
      const isParent = key.equals?.(operand, asker);
      return (issue) => issue.parentId !== null && isParent?.({ ...issue, id: issue.parentId }) === true;
    },
    isEmpty: (issue) => issue.parentId === null,
  },
  text: { operators: ["~"], contains: (operand) => (issue) => has(everything(issue))(operand) },
  summary: { operators: text, contains: (operand) => (issue) => has(issue.summary)(operand), isEmpty: () => false, order: (issue) => issue.summary },
  description: { operators: text, contains: (operand) => (issue) => has(plainTextOf(issue.description))(operand), isEmpty: (issue) => issue.description === null },
  comment: { operators: ["~", "!~"], contains: (operand) => (issue) => has(issue.comments.map(({ body }) => plainTextOf(body)).join(" "))(operand) },
  created: { operators: date, instant: (issue) => issue.created, isEmpty: () => false, order: (issue) => issue.created },
  updated: { operators: date, instant: (issue) => issue.updated, isEmpty: () => false, order: (issue) => issue.updated },
  resolved: { operators: date, instant: (issue) => issue.resolved, isEmpty: (issue) => issue.resolved === null, order: (issue) => issue.resolved ?? 0 },
  resolution: {
    operators: choice,
    equals: (operand) => (issue) => (/^(done|10000)$/i.test(operand) ? issue.resolved !== null : /^unresolved$/i.test(operand) && issue.resolved === null),
    isEmpty: (issue) => issue.resolved === null,
  },
};

const otherNames: Record<string, string> = { issuekey: "key", issue: "key", id: "key", type: "issuetype", createddate: "created", updateddate: "updated", resolutiondate: "resolved", label: "labels", "epic link": "parent" };

/** Issues here have no properties, which anybody may ask about nevertheless. */
const property: Field = { operators: choice, equals: () => () => false, isEmpty: () => true };

export function fieldOf(name: string): Field {
  const lower = name.toLowerCase();
  const field = lower.startsWith("issue.property[") ? property : fields[otherNames[lower] ?? lower];
  if (!field) throw new JqlError(`Field '${name}' does not exist or you do not have permission to view it.`);
  return field;
}

function byName<T extends { id: string; name: string }>(field: string, list: readonly T[], of: (issue: Issue) => string): Field["equals"] {
  return (operand) => {
    const found = named(list, operand);
    if (!found) throw missing(field, operand);
    return (issue) => of(issue) === found.id;
  };
}

export const numberOf = (keyOrId: string): number => Number(/\d+$/.exec(keyOrId)?.[0] ?? 0);
