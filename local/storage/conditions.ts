import type { ObjectHead } from "./object-file";
import { Refusal } from "./refusal";

/** What a request asks to hold of an object before it is served, copied or replaced. */
export interface Conditions {
  ifMatch?: string;
  ifNoneMatch?: string;
  ifModifiedSince?: string;
  ifUnmodifiedSince?: string;
}

type ReadHeader = (name: string) => string | undefined;

export const conditionsOf = (header: ReadHeader, prefix = ""): Conditions => ({
  ifMatch: header(`${prefix}if-match`),
  ifNoneMatch: header(`${prefix}if-none-match`),
  ifModifiedSince: header(`${prefix}if-modified-since`),
  ifUnmodifiedSince: header(`${prefix}if-unmodified-since`),
});

export const etagOf = ({ md5 }: ObjectHead) => `"${md5}"`;

/** RFC 9110, 13.2.2: the tags come before the dates, which count only without them. @returns whether the asker has it already */
export function holds(conditions: Conditions, head: ObjectHead): "as asked" | "not modified" | "failed" {
  const { ifMatch, ifNoneMatch, ifModifiedSince, ifUnmodifiedSince } = conditions;
  const etag = etagOf(head);
  if (ifMatch !== undefined ? !names(ifMatch, etag) : ifUnmodifiedSince !== undefined && modifiedSince(head, ifUnmodifiedSince)) return "failed";
  const hasIt = ifNoneMatch !== undefined ? names(ifNoneMatch, etag) : ifModifiedSince !== undefined && !modifiedSince(head, ifModifiedSince);
  return hasIt ? "not modified" : "as asked";
}

/** What a writer takes for granted of what is there now; null when that is nothing. The check throws a Refusal. */
export function replacing(conditions: Conditions): ((present: ObjectHead | null) => void) | null {
  const { ifMatch, ifNoneMatch } = conditions;
  return ifMatch === undefined && ifNoneMatch === undefined ? null : (present) => permitReplacing(conditions, present);
}

function permitReplacing({ ifMatch, ifNoneMatch }: Conditions, present: ObjectHead | null): void {
  if (ifNoneMatch !== undefined && present && names(ifNoneMatch, etagOf(present))) throw preconditionFailed("If-None-Match");
  if (ifMatch === undefined) return;
  if (!present) throw new Refusal("NoSuchKey", "The specified key does not exist.");
  if (!names(ifMatch, etagOf(present))) throw preconditionFailed("If-Match");
}

export const preconditionFailed = (condition: string) => new Refusal("PreconditionFailed", "At least one of the pre-conditions you specified did not hold", { Condition: condition });

const names = (list: string, etag: string) => list.split(",").some((one) => {
  const tag = one.trim().replace(/^W\//, "");
  return tag === "*" || tag === etag || `"${tag}"` === etag;
});

/** Dates in headers know seconds. A date that is none is passed over (RFC 9110, 13.1.3). */
function modifiedSince({ modifiedAtMs }: ObjectHead, date: string): boolean {
  const since = Date.parse(date);
  return Number.isNaN(since) || Math.floor(modifiedAtMs / 1_000) * 1_000 > since;
}
