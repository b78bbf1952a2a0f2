import { Readable, type Transform } from "node:stream";
import { AwsChunked } from "./aws-chunked";
import { checksumNamed, Meter, tooLarge, type Checksum, type Expectation } from "./digests";
import type { Exchange } from "./exchange";
import { notImplemented, Refusal } from "./refusal";

export interface Body {
  source: Readable;
  /** Takes frames off and holds the body against what was said of it. */
  through: Transform[];
  meter: Meter;
}

const inParts = new Set(["STREAMING-AWS4-HMAC-SHA256-PAYLOAD", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER", "STREAMING-UNSIGNED-PAYLOAD-TRAILER"]);
const checksumHeader = /^x-amz-checksum-([a-z0-9]+)$/;

/** The body of a request, refused before its first byte where its size alone is reason enough. */
export function bodyOf(exchange: Exchange, mostBytes = exchange.mostBytes): Body {
  const { header, proof } = exchange;
  const { payload } = proof;
  const isInParts = inParts.has(payload);
  if (payload.startsWith("STREAMING-") && !isInParts) throw notImplemented(payload);
  if (!isInParts && payload !== "UNSIGNED-PAYLOAD" && !/^[\da-f]{64}$/.test(payload)) throw new Refusal("InvalidArgument", "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-…, or a valid sha256 value.");
  const coded = (header("content-encoding") ?? "").split(",").some((coding) => coding.trim() === "aws-chunked");
  if (coded && !isInParts) throw new Refusal("InvalidRequest", "A body in aws-chunked needs x-amz-content-sha256 to say how it is signed.");

  const bytes = wholeNumber(header(isInParts ? "x-amz-decoded-content-length" : "content-length"));
  if (bytes > mostBytes) throw tooLarge(mostBytes);
  const expected: Expectation = { bytes, md5: md5Of(header("content-md5")), payloadSha256: /^[\da-f]{64}$/.test(payload) ? payload : undefined, checksums: checksumsOf(exchange) };
  const trailers = (header("x-amz-trailer") ?? "").toLowerCase().split(",").map((name) => name.trim()).filter((name) => name !== "");
  if (trailers.length > 0 && !payload.endsWith("-TRAILER")) throw new Refusal("InvalidRequest", "x-amz-trailer needs a body that ends in trailers.");
  const promised = trailers.map((name) => checksumNamed(checksumHeader.exec(name)?.[1] ?? name));
  const meter = new Meter(expected, [...expected.checksums.keys(), ...promised], mostBytes);
  const frames = isInParts
    ? [new AwsChunked({
        trailers,
        ...(payload.startsWith("STREAMING-AWS4") && { chain: proof.chain }),
        hear: (name, value) => expected.checksums.set(checksumNamed(checksumHeader.exec(name)?.[1] ?? name), value),
      })]
    : [];
  return { source: keptOpen(exchange), through: [...frames, meter], meter };
}

/** The request's bytes, without ending the connection when they are refused: the reason has yet to be said on it. */
function keptOpen({ request, response }: Exchange): Readable {
  if (request.headers.expect?.toLowerCase() === "100-continue") response.writeContinue();
  const source = new Readable({ highWaterMark: 1024 * 1024, read: () => void request.resume() });
  const take = (chunk: Buffer) => void (source.push(chunk) || request.pause());
  request.on("data", take);
  // What nobody wants any more must not hold up the end of the request.
  source.once("close", () => request.off("data", take));
  request.once("end", () => source.push(null));
  request.on("error", (error) => source.destroy(error));
  // It may break off before anybody reads it; whoever does is told all the same.
  source.on("error", () => undefined);
  // Ended before its body did.
  request.once("close", () => request.complete || source.destroy(new Error("the sender hung up")));
  return source;
}

function checksumsOf({ request, address, header }: Exchange): Map<Checksum, string> {
  const names = new Set([...Object.keys(request.headers), ...address.query.map(([name]) => name.toLowerCase())]);
  const found = new Map<Checksum, string>();
  for (const name of names) {
    const [, algorithm] = checksumHeader.exec(name) ?? [];
    if (algorithm === undefined || ["algorithm", "mode", "type"].includes(algorithm)) continue;
    found.set(checksumNamed(algorithm), header(name) ?? "");
  }
  return found;
}

function md5Of(text: string | undefined): string | undefined {
  if (text === undefined || /^[A-Za-z0-9+/]{22}==$/.test(text)) return text;
  throw new Refusal("InvalidDigest", "The Content-MD5 you specified was invalid.");
}

function wholeNumber(text: string | undefined): number {
  if (text === undefined) throw new Refusal("MissingContentLength", "You must provide the Content-Length HTTP header.");
  const value = Number(text);
  if (!/^\d{1,15}$/.test(text)) throw new Refusal("InvalidArgument", "The length of the body is no number.");
  return value;
}
