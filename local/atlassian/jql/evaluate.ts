import { plainTextOf } from "../jira/adf";
import { issueTypes, known, named, priorities, statusCategories, statuses } from "../jira/catalog";
import { instantOf, startOfDay } from "../jira/time";
import type { Store } from "../store";
import type { Account, Issue, Project } from "../world/entities";
import { JqlError } from "./lexer";
import type { Clause, Operand, Operator, Query } from "./parser";

/** Whose query it is, where and when: functions and dates mean something only for somebody. */
export interface Asker {
  store: Store;
  siteId: string;
  account: Account;
  now: number;
}

type Test = (issue: Issue) => boolean;

interface Field {
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

/** Browsing rights are part of it: a project that one may not see does not exist. */
export const maySee = (project: Project, accountId: string): boolean => project.viewers === null || project.viewers.includes(accountId);

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

function fieldOf(name: string): Field {
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

/** @throws JqlError for a field, operator or value that Jira would not take. */
export function testOf(clause: Clause, asker: Asker): Test {
  switch (clause.kind) {
    case "and": {
      const tests = clause.clauses.map((one) => testOf(one, asker));
      return (issue) => tests.every((test) => test(issue));
    }
    case "or": {
      const tests = clause.clauses.map((one) => testOf(one, asker));
      return (issue) => tests.some((test) => test(issue));
    }
    case "not": {
      const test = testOf(clause.clause, asker);
      return (issue) => !test(issue);
    }
    case "term":
      return termOf(clause.field, clause.operator, clause.operands, asker);
  }
}

function termOf(name: string, operator: Operator, operands: Operand[], asker: Asker): Test {
  const field = fieldOf(name);
  if (!field.operators.includes(operator)) throw new JqlError(`The operator '${operator}' is not supported by the '${name}' field.`);
  const tests = operands.map((operand) => operandTest(name, field, operator, operand, asker));
  const any: Test = (issue) => tests.some((test) => test(issue));
  if (!["!=", "!~", "not in", "is not"].includes(operator)) return any;
  const isEmpty = field.isEmpty ?? (() => false);
  // As in SQL: what is empty is not different from anything; only `is not EMPTY` and `!= EMPTY` speak of it.
  const speaksOfEmpty = operands.some(({ kind }) => kind === "empty");
  return (issue) => !any(issue) && (speaksOfEmpty || !isEmpty(issue));
}

function operandTest(name: string, field: Field, operator: Operator, operand: Operand, asker: Asker): Test {
  if (operand.kind === "empty") {
    if (!field.isEmpty) throw new JqlError(`The operator '${operator}' is not supported by the '${name}' field.`);
    return field.isEmpty;
  }
  if (field.contains) return field.contains(operandText(operand));
  if (field.instant) return compareInstant(name, field.instant, operator, operand, asker);
  if ([">", ">=", "<", "<="].includes(operator)) return compareOrder(name, field, operator, operandText(operand), asker);
  if (!field.equals) throw new JqlError(`The operator '${operator}' is not supported by the '${name}' field.`);
  if (operand.kind === "function" && operand.name.toLowerCase() !== "currentuser") {
    throw new JqlError(`Unable to find JQL function '${operand.name}(${operand.args.join(", ")})'.`);
  }
  return field.equals(operandText(operand), asker);
}

const operandText = (operand: Operand): string => (operand.kind === "value" ? operand.text : operand.kind === "function" ? "currentUser()" : "");

function compareInstant(name: string, of: (issue: Issue) => number | null, operator: Operator, operand: Operand, asker: Asker): Test {
  const wanted = instantFor(name, operand, asker);
  return (issue) => {
    const at = of(issue);
    // Jira compares minutes: what happened within the named minute is equal to it.
    return at !== null && compare(operator, Math.floor(at / 60_000), Math.floor(wanted / 60_000));
  };
}

function compareOrder(name: string, field: Field, operator: Operator, operand: string, asker: Asker): Test {
  const { order } = field;
  if (!order) throw new JqlError(`The operator '${operator}' is not supported by the '${name}' field.`);
  const equals = field.equals?.(operand, asker);
  const priority = named(priorities, operand);
  const wanted = priority ? -Number(priority.id) : asker.store.all("issues").filter((issue) => equals?.(issue)).map((issue) => order(issue, asker))[0];
  return (issue) => wanted !== undefined && compare(operator, order(issue, asker), wanted);
}

function compare(operator: Operator, left: string | number, right: string | number): boolean {
  switch (operator) {
    case ">":
      return left > right;
    case ">=":
      return left >= right;
    case "<":
      return left < right;
    case "<=":
      return left <= right;
    default:
      return left === right;
  }
}

const unitMs: Record<string, number> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 7 * 86_400_000 };
const days: Record<string, number> = { startofday: 0, endofday: 1 };

/** `-90m`, `2026/11/21 09:30`, `now()`, `startOfDay(-1)`. */
function instantFor(name: string, operand: Operand, { account, now }: Asker): number {
  if (operand.kind === "function") {
    const called = operand.name.toLowerCase();
    if (called === "now") return now;
    const plus = days[called];
    if (plus === undefined) throw new JqlError(`Unable to find JQL function '${operand.name}(${operand.args.join(", ")})'.`);
    return startOfDay(now, account.timeZone, plus + Number(operand.args[0]?.replace(/d$/, "") ?? 0)) - plus;
  }
  const value = operand.kind === "value" ? operand.text.trim() : "";
  const relative = /^([+-]?(?:\d+[wdhm]\s*)+)$/.exec(value);
  if (relative) {
    const sign = value.startsWith("-") ? -1 : 1;
    return now + sign * [...value.matchAll(/(\d+)([wdhm])/g)].reduce((sum, [, count, unit]) => sum + Number(count) * (unitMs[unit ?? ""] ?? 0), 0);
  }
  const wall = /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:\s+(\d{1,2}):(\d{2}))?$/.exec(value);
  if (!wall) {
    throw new JqlError(`Date value '${value}' for field '${name}' is invalid. Valid formats include: 'yyyy/MM/dd HH:mm', 'yyyy-MM-dd HH:mm', 'yyyy/MM/dd', 'yyyy-MM-dd', or a period format e.g. '-5d', '4w 2d'.`);
  }
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = wall.slice(1).map((part) => Number(part ?? 0));
  return instantOf({ year, month, day, hour, minute }, account.timeZone);
}

/** The issues of a site that match and that the asker may see, in order. @throws JqlError */
export function find(query: Query, asker: Asker): Issue[] {
  const test = query.where ? testOf(query.where, asker) : () => true;
  const orders = (query.orderBy.length > 0 ? query.orderBy : [{ field: "created", descending: true }]).map(({ field, descending }) => {
    const { order } = fieldOf(field);
    if (!order) throw new JqlError(`Not able to sort using field '${field}'.`);
    return { order, sign: descending ? -1 : 1 };
  });
  const visible = new Set(asker.store.all("projects").filter((project) => project.siteId === asker.siteId && maySee(project, asker.account.id)).map(({ id }) => id));
  return asker.store
    .all("issues")
    .filter((issue) => visible.has(issue.projectId) && test(issue))
    .sort((a, b) => {
      for (const { order, sign } of orders) {
        const [left, right] = [order(a, asker), order(b, asker)];
        if (left !== right) return (left < right ? -1 : 1) * sign;
      }
      return numberOf(b.id) - numberOf(a.id);
    });
}

const numberOf = (keyOrId: string): number => Number(/\d+$/.exec(keyOrId)?.[0] ?? 0);
