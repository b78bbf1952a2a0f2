import type { z } from "zod";
import { Refused, type FieldFault } from "./errors";
import details from "./i18n/messages/en/faults.json";

/**
 * Input schemas name their faults with codes from `messages/<locale>/faults.json` (`z.string().min(1, "required")`), so that a form
 * shows them in the reader's language and the API in English. Faults zod finds by itself are mapped here.
 */
export type FaultCode = keyof typeof details;

const isFaultCode = (code: string): code is FaultCode => code in details;

export function describeFault(code: string): string {
  return isFaultCode(code) ? details[code] : details.invalid;
}

/** @param under where in a larger input this value stands. @throws Refused INVALID naming every field at fault. */
export function parseInput<Schema extends z.ZodType>(schema: Schema, input: unknown, under: string[] = []): z.output<Schema> {
  const unstorable = unstorablePaths(input);
  if (unstorable.length > 0) {
    throw new Refused("INVALID", {
      detail: "Some fields hold characters that are no text.",
      fields: unstorable.map((path) => ({ path: [...under, ...path], code: "malformed", detail: details.malformed })),
    });
  }
  const result = schema.safeParse(input, { reportInput: true });
  if (result.success) return result.data;
  throw new Refused("INVALID", { detail: "Some fields need another value.", fields: result.error.issues.flatMap((issue) => faultsOf(issue, under)) });
}

/** What PostgreSQL takes neither in text nor in jsonb: U+0000, and half of a surrogate pair. */
const unstorable = /[\u0000\p{Cs}]/u;

type Path = (string | number)[];

/** Every string, and every name, that cannot be stored. Walks without recursion: input may be nested as deep as its sender likes. */
function unstorablePaths(input: unknown): Path[] {
  const found: Path[] = [];
  const open: { value: unknown; path: Path }[] = [{ value: input, path: [] }];
  for (let next = open.pop(); next; next = open.pop()) {
    const { value, path } = next;
    if (typeof value === "string" && unstorable.test(value)) found.push(path);
    if (typeof value !== "object" || value === null || path.length >= depthMax) continue;
    for (const [key, inner] of Object.entries(value)) {
      const part = Array.isArray(value) ? Number(key) : key;
      if (unstorable.test(key)) found.push(path);
      else open.push({ value: inner, path: [...path, part] });
    }
  }
  return found;
}

/** No schema of ours reads deeper; what lies below is refused by it as unknown. */
const depthMax = 8;

function faultsOf(issue: z.core.$ZodIssue, under: string[]): FieldFault[] {
  const path = [...under, ...issue.path].map((part) => (typeof part === "symbol" ? String(part) : part));
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({ path: [...path, key], code: "unknown-field", detail: details["unknown-field"] }));
  }
  const code = codeOf(issue);
  return [{ path, code, detail: describeFault(code) }];
}

function codeOf(issue: z.core.$ZodIssue): FaultCode {
  const absent = issue.code === "invalid_type" && (issue.input === undefined || issue.input === null);
  if (absent) return "required";
  if (isFaultCode(issue.message)) return issue.message;
  switch (issue.code) {
    case "invalid_type":
      return "wrong-type";
    case "too_big":
      return "too-long";
    case "too_small":
      return "too-short";
    case "invalid_format":
      return "malformed";
    case "invalid_value":
      return "not-an-option";
    default:
      return "invalid";
  }
}
