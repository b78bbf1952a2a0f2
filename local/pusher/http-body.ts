import type { IncomingMessage } from "node:http";
import { HttpRefusal } from "./http-refusal";

/** The whole body, or a 413 as soon as it is too large. */
export function readBody(request: IncomingMessage, limitBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= limitBytes) chunks.push(chunk);
      else {
        // The rest is still read, and forgotten: a caller in the middle of writing would never see the answer.
        chunks.length = 0;
        reject(new HttpRefusal(413, `The body has at most ${limitBytes} bytes.`));
      }
    });
    request.on("end", () => resolve(Buffer.concat(chunks)));
    request.on("error", reject);
  });
}
