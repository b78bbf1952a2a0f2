import { z } from "zod";
import type { Answer } from "./call";
import { errorText } from "./protocol";

const opSchema = z.looseObject({
  id: z.string().min(1),
  op: z.string(),
  name: z.string().nullish(),
  displayName: z.string().nullish(),
  opts: z.record(z.string(), z.unknown()).nullish(),
  data: z.unknown().optional(),
  error: z.unknown().optional(),
});

export type Op = z.infer<typeof opSchema>;

/** What a call to the application came to. Outputs and errors are JSON texts. */
export type Outcome =
  | { kind: "completed"; output: string }
  | { kind: "ops"; ops: Op[]; retryAfterMs: number | undefined }
  | { kind: "error"; error: string; retry: boolean; retryAfterMs: number | undefined }
  /** Something this engine does not speak: the run fails at once, and says what. */
  | { kind: "refused"; error: string };

const HOUR_MS = 3_600_000;

/** Seconds or a date; clamped as hosted Inngest does, from one second to a day. */
export function retryAfterMs(header: string | undefined, now: number): number | undefined {
  if (!header) return undefined;
  const seconds = Number(header);
  const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(header) - now;
  return Number.isNaN(ms) ? undefined : Math.min(24 * HOUR_MS, Math.max(1000, ms));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function header(answer: Answer, name: string): string | undefined {
  const value = answer.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

const streamed = z.object({
  status: z.int(),
  headers: z.record(z.string(), z.string()).default({}),
  body: z.string().default(""),
});

/** Reads an answer of the SDK (or of whatever answered in its place). */
export function readOutcome(answer: Answer, now: number): Outcome {
  const fromSdk = header(answer, "x-inngest-sdk") !== undefined;
  if (answer.status === 201 && fromSdk) {
    // With INNGEST_STREAMING the real answer comes wrapped, after spaces that keep the connection open.
    const inner = streamed.safeParse(parseJson(answer.body));
    if (inner.success) {
      const headers = Object.fromEntries(Object.entries(inner.data.headers).map(([name, value]) => [name.toLowerCase(), value]));
      return readOutcome({ status: inner.data.status, headers: { ...answer.headers, ...headers }, body: inner.data.body }, now);
    }
  }
  const after = retryAfterMs(header(answer, "retry-after"), now);
  const body = answer.body === "" ? null : parseJson(answer.body);
  if (fromSdk && answer.status === 200 && body !== undefined) return { kind: "completed", output: JSON.stringify(body) };
  if (fromSdk && answer.status === 206 && body !== undefined) {
    const ops = z.array(opSchema).min(1).safeParse(Array.isArray(body) ? body : [body]);
    if (ops.success) return { kind: "ops", ops: ops.data, retryAfterMs: after };
    return { kind: "refused", error: errorText("EngineError", `the steps in the answer are not understood: ${z.prettifyError(ops.error)}`) };
  }
  const retry = !(fromSdk && header(answer, "x-inngest-no-retry") === "true");
  return { kind: "error", error: errorOf(answer, body, fromSdk), retry, retryAfterMs: after };
}

function errorOf(answer: Answer, body: unknown, fromSdk: boolean): string {
  if (fromSdk && answer.status >= 400 && typeof body === "object" && body !== null) {
    const { error, message } = body as { error?: unknown; message?: unknown };
    return JSON.stringify({ name: "Error", ...(typeof message === "string" ? {} : { message: String(error ?? answer.status) }), ...body });
  }
  const who = fromSdk ? "the Inngest SDK" : "something other than the Inngest SDK";
  return errorText("Error", `HTTP ${answer.status} from ${who}: ${answer.body.slice(0, 300)}`);
}
