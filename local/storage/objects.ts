import { pipeline } from "node:stream/promises";
import { bodyOf } from "./body";
import { rangeOf, type ByteRange } from "./byte-range";
import { conditionsOf, etagOf, holds, preconditionFailed, replacing } from "./conditions";
import type { Answer, Exchange } from "./exchange";
import type { ObjectHead } from "./object-file";
import { readObject, type OpenObject } from "./object-store";
import { notImplemented, Refusal } from "./refusal";
import { xmlDocument } from "./xml";

/** What is kept of an object because its writer said so. */
const keptHeaders = ["content-type", "cache-control", "content-disposition", "content-encoding", "content-language", "expires"];
const mostMetadataBytes = 2_048;
/** What a signed address may have said in place of what was stored. */
const overrides: Record<string, string> = {
  "response-content-type": "content-type",
  "response-content-disposition": "content-disposition",
  "response-content-language": "content-language",
  "response-content-encoding": "content-encoding",
  "response-cache-control": "cache-control",
  "response-expires": "expires",
};

export async function putObject(exchange: Exchange): Promise<Answer> {
  const { store, address, now } = exchange;
  const headers = writtenHeaders(exchange);
  const { source, through, meter } = bodyOf(exchange);
  const describe = (): ObjectHead => ({ key: address.key, bytes: meter.bytes, md5: meter.etag, modifiedAtMs: now(), headers });
  const head = await store.put(source, through, describe, replacing(conditionsOf(exchange.header)));
  return { status: 200, headers: { etag: etagOf(head) } };
}

/** GET and HEAD. The bytes are sent here; null says so. */
export async function getObject(exchange: Exchange): Promise<Answer | null> {
  const { request, response, header } = exchange;
  const object = await opened(exchange, exchange.address.key);
  try {
    const { head } = object;
    const outcome = holds(conditionsOf(header), head);
    if (outcome === "failed") throw preconditionFailed("If-Match");
    const headers = shownHeaders(exchange, head);
    if (outcome === "not modified") return { status: 304, headers };
    const range = isOfThis(header("if-range"), head) ? rangeOf(header("range"), head.bytes) : null;
    const length = range ? range.end - range.start + 1 : head.bytes;
    response.writeHead(range ? 206 : 200, { ...headers, "content-length": String(length), ...(range && { "content-range": contentRange(range, head) }) });
    if (request.method === "HEAD") {
      response.end();
      return null;
    }
    await pipeline(readObject(object, range?.start, range?.end), response);
    return null;
  } finally {
    await object.close();
  }
}

export async function deleteObject({ store, address }: Exchange): Promise<Answer> {
  await store.delete(address.key);
  return { status: 204 };
}

export async function copyObject(exchange: Exchange): Promise<Answer> {
  const { store, address, header, now } = exchange;
  const directive = header("x-amz-metadata-directive") ?? "COPY";
  if (directive !== "COPY" && directive !== "REPLACE") throw new Refusal("InvalidArgument", "Unknown metadata directive.");
  const from = copySource(exchange);
  if (from === address.key && directive === "COPY") {
    throw new Refusal("InvalidRequest", "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata.");
  }
  const replaced = directive === "REPLACE" ? writtenHeaders(exchange) : null;
  const source = await opened(exchange, from);
  try {
    if (holds(conditionsOf(header, "x-amz-copy-source-"), source.head) !== "as asked") throw preconditionFailed("x-amz-copy-source-If-Match");
    const head: ObjectHead = { ...source.head, key: address.key, modifiedAtMs: now(), headers: replaced ?? source.head.headers };
    await store.put(readObject(source), [], () => head, replacing(conditionsOf(header)));
    return { status: 200, body: xmlDocument("CopyObjectResult", { ETag: etagOf(head), LastModified: new Date(head.modifiedAtMs).toISOString() }) };
  } finally {
    await source.close();
  }
}

async function opened({ store }: Exchange, key: string): Promise<OpenObject> {
  const object = await store.find(key);
  if (!object) throw new Refusal("NoSuchKey", "The specified key does not exist.", { Key: key });
  return object;
}

/** `/bucket/key`, percent-encoded, of this bucket. */
function copySource({ header, bucket }: Exchange): string {
  const [path = "", version] = (header("x-amz-copy-source") ?? "").split("?");
  if (version !== undefined) throw notImplemented("versions");
  let decoded: string;
  try {
    decoded = decodeURIComponent(path).replace(/^\//, "");
  } catch {
    throw new Refusal("InvalidArgument", "Copy Source must mention the source bucket and key: sourcebucket/sourcekey");
  }
  const slash = decoded.indexOf("/");
  if (slash < 1 || slash === decoded.length - 1) throw new Refusal("InvalidArgument", "Copy Source must mention the source bucket and key: sourcebucket/sourcekey");
  if (decoded.slice(0, slash) !== bucket) throw new Refusal("NoSuchBucket", "The specified bucket does not exist");
  return decoded.slice(slash + 1);
}

function writtenHeaders({ request, address, header }: Exchange): Record<string, string> {
  const storageClass = header("x-amz-storage-class");
  if (storageClass !== undefined && storageClass !== "STANDARD") throw notImplemented(`the storage class ${storageClass}`);
  const kept: Record<string, string> = { "content-type": "binary/octet-stream" };
  for (const name of keptHeaders) {
    const value = header(name);
    if (value !== undefined) kept[name] = value;
  }
  // The frames of the way here are no coding of what is kept.
  const codings = (kept["content-encoding"] ?? "").split(",").map((coding) => coding.trim()).filter((coding) => coding !== "" && coding !== "aws-chunked");
  delete kept["content-encoding"];
  if (codings.length > 0) kept["content-encoding"] = codings.join(", ");
  let metadataBytes = 0;
  for (const name of new Set([...Object.keys(request.headers), ...address.query.map(([given]) => given.toLowerCase())])) {
    if (!name.startsWith("x-amz-meta-")) continue;
    const value = header(name) ?? "";
    metadataBytes += name.length - "x-amz-meta-".length + Buffer.byteLength(value);
    kept[name] = value;
  }
  if (metadataBytes > mostMetadataBytes) throw new Refusal("MetadataTooLarge", "Your metadata headers exceed the maximum allowed metadata size", { MaxSizeAllowed: mostMetadataBytes });
  return kept;
}

function shownHeaders({ query }: Exchange, head: ObjectHead): Record<string, string> {
  const headers: Record<string, string> = {
    ...head.headers,
    etag: etagOf(head),
    "last-modified": new Date(head.modifiedAtMs).toUTCString(),
    "accept-ranges": "bytes",
  };
  for (const [parameter, name] of Object.entries(overrides)) {
    const value = query(parameter);
    if (value === undefined) continue;
    if (!/^[\t\x20-\x7e\x80-\xff]*$/.test(value)) throw new Refusal("InvalidArgument", `${parameter} cannot be sent as a header.`);
    headers[name] = value;
  }
  return headers;
}

const contentRange = ({ start, end }: ByteRange, { bytes }: ObjectHead) => `bytes ${start}-${end}/${bytes}`;

/** RFC 9110, 13.1.5: a part of another version would be put together with what the asker has of the first. */
const isOfThis = (ifRange: string | undefined, head: ObjectHead) => ifRange === undefined || ifRange === etagOf(head) || ifRange === new Date(head.modifiedAtMs).toUTCString();
