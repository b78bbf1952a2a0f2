import { Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { encodeStrictly } from "./address";
import { bodyOf } from "./body";
import { etagOf } from "./conditions";
import type { Answer, Exchange } from "./exchange";
import { Refusal } from "./refusal";
import { readDeletion, xmlDocument, type XmlTree } from "./xml";

const mostDeletionBytes = 4 * 1024 * 1024;
const mostListed = 1_000;

/** ListObjectsV2. */
export async function listObjects({ store, query, bucket }: Exchange): Promise<Answer> {
  const prefix = query("prefix") ?? "";
  const delimiter = query("delimiter") ?? "";
  const token = query("continuation-token");
  const startAfter = query("start-after");
  const encoding = query("encoding-type");
  const maxKeys = Math.min(mostListed, countOf(query("max-keys")));
  if (encoding !== undefined && encoding !== "url") throw new Refusal("InvalidArgument", "Invalid Encoding Method specified in Request");
  const shown = (text: string) => (encoding ? encodeStrictly(text).replace(/%2F/g, "/") : text);

  const contents: XmlTree[] = [];
  const commonPrefixes: string[] = [];
  let last = token === undefined ? (startAfter ?? "") : keyOf(token);
  let isTruncated = false;
  for await (const head of store.list(prefix, last)) {
    const cut = delimiter === "" ? -1 : head.key.indexOf(delimiter, prefix.length);
    const folder = cut < 0 ? null : head.key.slice(0, cut + delimiter.length);
    // A page may have ended within a folder: what follows of it was told already.
    if (folder !== null && (commonPrefixes.at(-1) === folder || (token !== undefined && last.startsWith(folder) && commonPrefixes.length === 0))) {
      last = head.key;
      continue;
    }
    if (contents.length + commonPrefixes.length === maxKeys) {
      isTruncated = true;
      break;
    }
    last = head.key;
    if (folder !== null) commonPrefixes.push(folder);
    else contents.push({ Key: shown(head.key), LastModified: new Date(head.modifiedAtMs).toISOString(), ETag: etagOf(head), Size: head.bytes, StorageClass: "STANDARD" });
  }
  return {
    status: 200,
    body: xmlDocument("ListBucketResult", {
      Name: bucket,
      Prefix: shown(prefix),
      Delimiter: delimiter === "" ? undefined : shown(delimiter),
      StartAfter: startAfter === undefined ? undefined : shown(startAfter),
      ContinuationToken: token,
      EncodingType: encoding,
      MaxKeys: maxKeys,
      KeyCount: contents.length + commonPrefixes.length,
      IsTruncated: isTruncated && maxKeys > 0,
      NextContinuationToken: isTruncated && maxKeys > 0 ? Buffer.from(last).toString("base64url") : undefined,
      Contents: contents,
      CommonPrefixes: commonPrefixes.map((folder) => ({ Prefix: shown(folder) })),
    }),
  };
}

/** DeleteObjects. */
export async function deleteObjects(exchange: Exchange): Promise<Answer> {
  const { source, through } = bodyOf(exchange, mostDeletionBytes);
  const parts: Buffer[] = [];
  const sink = new Writable({
    write(part: Buffer, _, done) {
      parts.push(part);
      done();
    },
  });
  await pipeline([source, ...through, sink]);
  const { keys, quiet } = readDeletion(Buffer.concat(parts).toString("utf8"));
  for (const key of keys) await exchange.store.delete(key);
  return { status: 200, body: xmlDocument("DeleteResult", { Deleted: quiet ? [] : keys.map((key) => ({ Key: key })) }) };
}

function countOf(text = String(mostListed)): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new Refusal("InvalidArgument", "Argument max-keys must be an integer between 0 and 2147483647");
}

function keyOf(token: string): string {
  const key = Buffer.from(token, "base64url").toString("utf8");
  if (key === "" || Buffer.from(key).toString("base64url") !== token) throw new Refusal("InvalidArgument", "The continuation token provided is incorrect");
  return key;
}
