import type { MediaView, Quota, Upload } from "@/lib/feed/media/mappings";

/** Why a call did not succeed: what the server said, or that it could not be reached. */
export class CallFailed extends Error {
  constructor(
    /** A refusal's code; `NETWORK` when nothing answered, `SERVER` when what answered was broken. */
    readonly code: string,
    readonly details: Record<string, unknown> = {},
  ) {
    super(code);
    this.name = "CallFailed";
  }
}

export interface PutHooks {
  onProgress: (sentBytes: number) => void;
  signal: AbortSignal;
}

/** The calls of an upload, apart so that tests can answer them. */
export interface UploadCalls {
  quota(): Promise<Quota>;
  begin(file: { fileName: string; type: string; bytes: number }, key: string, signal: AbortSignal): Promise<Upload>;
  put(upload: Upload["upload"], body: Blob, hooks: PutHooks): Promise<void>;
  complete(id: string, signal: AbortSignal): Promise<MediaView>;
  look(id: string): Promise<MediaView>;
  forget(id: string): Promise<void>;
}

/** Longer than any answer takes; a transfer has no end of its own, only a moment without progress. */
const silentForMs = 45_000;

export function uploadCalls(organization: string): UploadCalls {
  const call = async <T>(path: string, init: RequestInit & { json?: unknown } = {}): Promise<T> => {
    const { json, headers, ...rest } = init;
    const response = await fetch(`/api/media${path}?${new URLSearchParams({ organization })}`, {
      ...rest,
      headers: { Accept: "application/json", ...(json !== undefined && { "Content-Type": "application/json" }), ...headers },
      ...(json !== undefined && { body: JSON.stringify(json) }),
    }).catch((error: unknown) => {
      if (rest.signal?.aborted) throw error;
      throw new CallFailed("NETWORK");
    });
    if (response.ok) return response.status === 204 ? (undefined as T) : ((await response.json()) as T);
    const problem = (await response.json().catch(() => ({}))) as Record<string, unknown>;
    throw new CallFailed(typeof problem.code === "string" ? problem.code : "SERVER", problem);
  };
  return {
    quota: () => call("/quota"),
    begin: (file, key, signal) => call("", { method: "POST", json: file, headers: { "Idempotency-Key": key }, signal }),
    put,
    complete: (id, signal) => call(`/${id}/complete`, { method: "POST", signal }),
    look: (id) => call(`/${id}`),
    forget: (id) => call(`/${id}`, { method: "DELETE", keepalive: true }),
  };
}

/** XMLHttpRequest, because `fetch` says nothing of how much has been sent. */
function put({ url, method, headers }: Upload["upload"], body: Blob, { onProgress, signal }: PutHooks): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    let silence: ReturnType<typeof setTimeout>;
    const heard = () => {
      clearTimeout(silence);
      silence = setTimeout(() => request.abort(), silentForMs);
    };
    const stop = () => request.abort();
    const end = (settle: () => void) => {
      clearTimeout(silence);
      signal.removeEventListener("abort", stop);
      settle();
    };
    request.upload.addEventListener("progress", ({ loaded }) => {
      heard();
      onProgress(loaded);
    });
    request.addEventListener("load", () => end(() => (request.status >= 200 && request.status < 300 ? resolve() : reject(new CallFailed(refusalOf(request.status))))));
    request.addEventListener("error", () => end(() => reject(new CallFailed("NETWORK"))));
    request.addEventListener("abort", () => end(() => reject(signal.aborted ? signal.reason : new CallFailed("NETWORK"))));
    signal.addEventListener("abort", stop);
    request.open(method, url);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    heard();
    request.send(body);
    if (signal.aborted) stop();
  });
}

/** A storage answers 403 to an address whose time is over as to one that was never good. */
const refusalOf = (status: number) => (status === 403 ? "UPLOAD_EXPIRED" : status >= 500 || status === 429 ? "SERVER" : "STORAGE_REFUSED");
