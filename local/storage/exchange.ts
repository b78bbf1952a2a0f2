import type { IncomingMessage, ServerResponse } from "node:http";
import type { Address } from "./address";
import type { ObjectStore } from "./object-store";
import { notImplemented, Refusal } from "./refusal";
import type { Proof } from "./signature";

/** A request whose signature holds, and what is needed to answer it. */
export interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
  store: ObjectStore;
  address: Address;
  proof: Proof;
  bucket: string;
  mostBytes: number;
  now: () => number;
  /** A header, or the query parameter that a presigned address carries in its place. */
  header: (name: string) => string | undefined;
  query: (name: string) => string | undefined;
}

export interface Answer {
  status: number;
  headers?: Record<string, string>;
  /** XML. */
  body?: string;
}

const amzHeaders =
  /^x-amz-(date|content-sha256|user-agent|decoded-content-length|trailer|sdk-checksum-algorithm|checksum-(algorithm|mode|type|[a-z0-9]+)|copy-source(-if-(none-)?match|-if-(un)?modified-since)?|metadata-directive|storage-class|meta-[\w!#$%&'*+.^`|~-]+)$/;
const authentication = /^x-amz-(algorithm|credential|date|expires|signedheaders|signature|content-sha256)$/;
const queries = new Set([
  "x-id", "list-type", "prefix", "delimiter", "max-keys", "start-after", "continuation-token", "encoding-type", "fetch-owner", "delete",
  "response-content-type", "response-content-disposition", "response-content-language", "response-content-encoding", "response-cache-control", "response-expires",
]);

/** What is asked for in a word that is not known here is refused: an answer as if it had not been said would be wrong. */
export function refuseUnknown(address: Address, headers: ReadonlyMap<string, string[]>): void {
  for (const name of headers.keys()) if (name.startsWith("x-amz-") && !amzHeaders.test(name)) throw notImplemented(`the header ${name}`);
  for (const [name] of address.query) {
    const lower = name.toLowerCase();
    if (!queries.has(name) && !authentication.test(lower) && !amzHeaders.test(lower)) throw notImplemented(`the query parameter ${name}`);
  }
}

/** By name; one that came twice says nothing certain. */
export function readerOf(address: Address, headers: ReadonlyMap<string, string[]>): Pick<Exchange, "header" | "query"> {
  const query = (name: string) => one(name, address.query.filter(([given]) => given === name).map(([, value]) => value));
  const hoisted = (name: string) => address.query.filter(([given]) => given.toLowerCase() === name && !authentication.test(name)).map(([, value]) => value);
  const header = (name: string) => one(name, [...(headers.get(name) ?? []), ...(name.startsWith("x-amz-") ? hoisted(name) : [])]);
  return { header, query };
}

function one(name: string, values: string[]): string | undefined {
  if (values.length > 1) throw new Refusal("InvalidArgument", `${name} was sent more than once.`);
  return values[0];
}
