import { named, priorities } from "../jira/catalog";
import type { Issue } from "../world/entities";
import { maySee, type Asker } from "./asker";
import { fieldOf, numberOf, type Field, type Test } from "./fields";
import { instantFor } from "./instants";
import { JqlError } from "./lexer";
import type { Clause, Operand, Operator, Query } from "./parser";

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
