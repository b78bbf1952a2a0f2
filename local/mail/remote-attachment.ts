import { Refusal } from "./refusal";

const patienceMs = 15_000;

/** The file that an attachment's `path` names: an http(s) address, as with Resend; never a file of this machine. */
export async function fetchAttachment(path: string, mostBytes: number): Promise<Buffer> {
  const url = URL.canParse(path) ? new URL(path) : null;
  if (url === null || !["http:", "https:"].includes(url.protocol)) throw unreachable("is not an http or https URL");
  const response = await fetch(url, { signal: AbortSignal.timeout(patienceMs) }).catch((error: unknown) => {
    throw unreachable(`could not be fetched (${String(error)})`);
  });
  if (!response.ok || response.body === null) throw unreachable(`answered ${response.status}`);
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of response.body) {
    size += part.length;
    if (size > mostBytes) throw unreachable("is larger than 40MB");
    parts.push(part);
  }
  return Buffer.concat(parts);
}

const unreachable = (why: string): Refusal =>
  new Refusal(422, "invalid_attachment", `The attachment \`path\` ${why}.`);
