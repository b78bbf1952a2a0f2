import type { IncomingMessage } from "node:http";

export class BadBody extends Error {
  constructor(
    readonly status: 400 | 413,
    message: string,
  ) {
    super(message);
  }
}

/** @throws BadBody when it is over `bytesMax` or is not whole. */
export async function readText(request: IncomingMessage, bytesMax: number): Promise<string> {
  if (Number(request.headers["content-length"] ?? 0) > bytesMax) throw tooLarge(bytesMax);
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > bytesMax) throw tooLarge(bytesMax);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** @throws BadBody */
export async function readJson(request: IncomingMessage, bytesMax: number): Promise<unknown> {
  const text = await readText(request, bytesMax);
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new BadBody(400, "the body is not valid JSON");
  }
}

function tooLarge(bytesMax: number): BadBody {
  return new BadBody(413, `the body is larger than ${bytesMax} bytes`);
}
