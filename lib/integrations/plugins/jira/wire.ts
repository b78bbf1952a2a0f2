/** One request to Atlassian, as the other files of this folder make it: with an end to how long it takes and how much it says. */
export interface Wish {
  method?: "GET" | "POST" | "PUT" | "DELETE";
  token?: string;
  json?: unknown;
  timeoutMs?: number;
}

/** What came back, whatever its status; or why nothing did, so that whether they acted on it is unknown. */
export type Heard = { status: number; headers: Headers; body: unknown } | { silent: string };

const answersWithinMs = 10_000;
const answerBytesMax = 10 * 1024 * 1024;

/** Never throws. A redirect is an answer like any other: a token is sent where we meant it to go and nowhere else. */
export async function ask(url: string, { method = "GET", token, json, timeoutMs = answersWithinMs }: Wish = {}): Promise<Heard> {
  try {
    const response = await fetch(url, {
      method,
      redirect: "manual",
      signal: AbortSignal.timeout(timeoutMs),
      headers: {
        Accept: "application/json",
        ...(token !== undefined && { Authorization: `Bearer ${token}` }),
        ...(json !== undefined && { "Content-Type": "application/json" }),
      },
      ...(json !== undefined && { body: JSON.stringify(json) }),
    });
    const text = await readUpTo(response.body, answerBytesMax);
    return text === null ? { silent: "the answer is larger than 10 MB" } : { status: response.status, headers: response.headers, body: parsed(text) };
  } catch (error) {
    return { silent: reasonOf(error, timeoutMs) };
  }
}

async function readUpTo(body: ReadableStream<Uint8Array> | null, bytesMax: number): Promise<string | null> {
  if (!body) return "";
  const chunks: Uint8Array[] = [];
  let size = 0;
  // Leaving the loop cancels the rest.
  for await (const chunk of body as unknown as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength;
    if (size > bytesMax) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** Undefined for what is no JSON: a proxy's page, an empty answer. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function reasonOf(error: unknown, timeoutMs: number): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === "TimeoutError") return `no answer within ${timeoutMs} ms`;
  const code = error.cause instanceof Error && "code" in error.cause ? String(error.cause.code) : null;
  return code ?? error.message;
}
