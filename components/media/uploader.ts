import { imageLimits, kindOfType, uploadUrlSeconds, type MediaKind } from "@/lib/feed/media/inputs";
import type { MediaView, Quota, Upload } from "@/lib/feed/media/mappings";
import { CallFailed, type UploadCalls } from "./upload-calls";

export type UploadState = "waiting" | "uploading" | "offline" | "checking" | "done" | "failed" | "cancelled";

/** Why it failed: keys of `media.failures`, or of `media.refusals` when the server looked and refused. */
export interface UploadError {
  code: "file-too-large" | "empty-file" | "quota" | "storage" | "expired" | "signed-out" | "too-often" | "failed" | "refused";
  refusal?: string;
  bytes?: number;
  freeBytes?: number;
  bytesMax?: number;
}

export interface UploadItem {
  localId: string;
  file: File;
  name: string;
  kind: MediaKind;
  /** 0 to 1. */
  progress: number;
  state: UploadState;
  mediaId: string | null;
  media: MediaView | null;
  error: UploadError | null;
  cancel: () => void;
  retry: () => void;
  /** Takes it off the list; what is under way is cancelled. */
  dismiss: () => void;
}

export interface UploadHooks {
  /** It has arrived and may be put in an article; its sizes may still be made. */
  onDone?: (media: MediaView, item: UploadItem) => void;
  /** Its sizes are made, or it was refused after all. */
  onReady?: (media: MediaView, item: UploadItem) => void;
}

export interface UploaderOptions {
  calls: UploadCalls;
  /** Makes of what browsers cannot show something that they can; the file itself when it cannot. */
  convert?: (file: File) => Promise<File>;
  wait?: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

const atOnce = 3;
const triesMax = 6;
const waitsMs = [1_000, 2_000, 4_000, 8_000, 15_000, 30_000];
/** With less time than this left, an address is not begun with again. */
const leftMs = 20_000;
const looksAfterMs = [1_000, 2_000, 3_000, 5_000, 8_000, 13_000, 30_000, 60_000];

/**
 * Uploads files, three at a time, straight to the storage. It lives beside React and not inside it, so that no rendering interrupts a
 * transfer. What is too large or does not fit is said before anything is sent; a lost connection is waited for.
 */
export function createUploader({ calls, convert = async (file) => file, wait = waitOnline }: UploaderOptions) {
  let items: UploadItem[] = [];
  let hooks: UploadHooks = {};
  const listeners = new Set<() => void>();
  const running = new Map<string, AbortController>();
  const looking = new Map<string, AbortController>();

  const publish = (next: UploadItem[]) => {
    items = next;
    for (const listener of listeners) listener();
  };
  const itemOf = (localId: string) => items.find((item) => item.localId === localId);
  const change = (localId: string, fields: Partial<UploadItem>) => publish(items.map((item) => (item.localId === localId ? { ...item, ...fields } : item)));

  function add(files: Iterable<File>): UploadItem[] {
    const added = [...files].map((file): UploadItem => {
      const localId = newKey();
      return {
        localId,
        file,
        name: file.name,
        kind: kindOfType(file.type),
        progress: 0,
        state: "waiting",
        mediaId: null,
        media: null,
        error: null,
        cancel: () => cancel(localId),
        retry: () => retry(localId),
        dismiss: () => dismiss(localId),
      };
    });
    publish([...items, ...added]);
    pump();
    return added;
  }

  function cancel(localId: string): void {
    const item = itemOf(localId);
    if (!item || item.state === "done" || item.state === "cancelled") return;
    running.get(localId)?.abort();
    // What was promised to it is free again at once, not after a quarter of an hour.
    if (item.mediaId) void calls.forget(item.mediaId).catch(() => undefined);
    change(localId, { state: "cancelled", mediaId: null, progress: 0 });
    pump();
  }

  function retry(localId: string): void {
    const item = itemOf(localId);
    if (!item || (item.state !== "failed" && item.state !== "cancelled")) return;
    change(localId, { state: "waiting", error: null, progress: 0, mediaId: null });
    pump();
  }

  function dismiss(localId: string): void {
    cancel(localId);
    publish(items.filter((item) => item.localId !== localId));
  }

  function pump(): void {
    for (const item of items) {
      if (running.size >= atOnce) return;
      if (item.state !== "waiting" || running.has(item.localId)) continue;
      const controller = new AbortController();
      running.set(item.localId, controller);
      void run(item.localId, controller.signal).finally(() => {
        if (running.get(item.localId) === controller) running.delete(item.localId);
        pump();
      });
    }
  }

  async function run(localId: string, signal: AbortSignal): Promise<void> {
    const update = (fields: Partial<UploadItem>) => {
      if (!signal.aborted) change(localId, fields);
    };
    try {
      const given = itemOf(localId)?.file;
      if (!given) return;
      update({ state: "uploading" });
      const file = await convert(given);
      update({ file, name: file.name, kind: kindOfType(file.type) });
      const fault = await faultOf(file, signal, update);
      if (fault) return update({ state: "failed", error: fault });
      const media = await transfer(localId, file, signal, update);
      if (signal.aborted) return;
      update({ state: "done", progress: 1, media, mediaId: media.id });
      const item = itemOf(localId);
      if (item) hooks.onDone?.(media, item);
      if (item && media.state === "processing") void follow(localId, media.id);
    } catch (error) {
      const item = itemOf(localId);
      if (!signal.aborted && item?.mediaId) void calls.forget(item.mediaId).catch(() => undefined);
      update({ state: "failed", error: errorOf(error, item?.file.size ?? 0), mediaId: null });
    }
  }

  /** What the server would refuse, said before a byte is sent. It decides for itself all the same. */
  async function faultOf(file: File, signal: AbortSignal, update: (fields: Partial<UploadItem>) => void): Promise<UploadError | null> {
    if (file.size === 0) return { code: "empty-file" };
    const quota: Quota = await patiently(() => calls.quota(), signal, update);
    const bytesMax = Math.min(quota.fileBytesMax, kindOfType(file.type) === "image" ? imageLimits.bytes : Infinity);
    if (file.size > bytesMax) return { code: "file-too-large", bytesMax };
    const freeBytes = Math.max(0, quota.quotaBytes - quota.usedBytes - quota.reservedBytes);
    return file.size > freeBytes ? { code: "quota", bytes: file.size, freeBytes } : null;
  }

  async function transfer(localId: string, file: File, signal: AbortSignal, update: (fields: Partial<UploadItem>) => void): Promise<MediaView> {
    let begun: Upload | null = null;
    let goodUntil = 0;
    for (let round = 1; ; round += 1) {
      try {
        if (!begun || performance.now() > goodUntil) {
          // A key of its own for each beginning: an answer that was lost does not promise the room twice.
          const key = newKey();
          // By this page's own watch: that of the computer may be wrong.
          goodUntil = performance.now() + uploadUrlSeconds * 1000 - leftMs;
          begun = await patiently(() => calls.begin({ fileName: file.name, type: file.type, bytes: file.size }, key, signal), signal, update);
          update({ mediaId: begun.id });
          // Cancelled while it was being begun: nobody else knows of it.
          if (signal.aborted) void calls.forget(begun.id).catch(() => undefined);
        }
        const { id, upload } = begun;
        await patiently(() => calls.put(upload, file, { signal, onProgress: (sent) => update({ state: "uploading", progress: Math.min(1, sent / file.size) }) }), signal, update);
        update({ state: "checking", progress: 1 });
        return await patiently(() => calls.complete(id, signal), signal, update);
      } catch (error) {
        // Its time was over, or what was sent did not stay: once more from the beginning.
        const again = error instanceof CallFailed && (error.code === "UPLOAD_EXPIRED" || error.code === "UPLOAD_INCOMPLETE");
        if (!again || round >= 3) throw error;
        if (begun) void calls.forget(begun.id).catch(() => undefined);
        begun = null;
      }
    }
  }

  /** Waits for a connection as long as it takes, and for a server that fails as long as is decent. */
  async function patiently<T>(work: () => Promise<T>, signal: AbortSignal, update: (fields: Partial<UploadItem>) => void): Promise<T> {
    let broken = 0;
    for (let turn = 0; ; turn += 1) {
      signal.throwIfAborted();
      try {
        return await work();
      } catch (error) {
        const offline = error instanceof CallFailed && error.code === "NETWORK";
        const failing = error instanceof CallFailed && (error.code === "SERVER" || error.code === "STORAGE_UNAVAILABLE");
        if (!offline && !failing) throw error;
        if (failing && (broken += 1) >= triesMax) throw error;
        if (offline) update({ state: "offline" });
        await wait(waitsMs[Math.min(turn, waitsMs.length - 1)] ?? 1_000, signal);
        update({ state: "uploading" });
      }
    }
  }

  async function follow(localId: string, mediaId: string): Promise<void> {
    for (const delay of looksAfterMs) {
      const controller = new AbortController();
      looking.set(mediaId, controller);
      // Cut short when the server says that it is ready.
      await wait(delay, controller.signal).catch(() => undefined);
      looking.delete(mediaId);
      const media = await calls.look(mediaId).catch(() => null);
      if (media?.state !== "ready" && media?.state !== "refused") continue;
      change(localId, { media });
      const item = itemOf(localId);
      if (item) hooks.onReady?.(media, item);
      return;
    }
  }

  return {
    add,
    /** Who is told from now on. */
    tell: (next: UploadHooks) => {
      hooks = next;
    },
    /** Something uploaded has changed: looks at once instead of later. */
    changed: (mediaId: string) => looking.get(mediaId)?.abort(),
    items: () => items,
    subscribe(listener: () => void) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
  };
}

/** `crypto.randomUUID` is only there where a page came over TLS. */
const newKey = () => `upload-${[...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;

function errorOf(error: unknown, bytes: number): UploadError {
  if (!(error instanceof CallFailed)) return { code: "failed" };
  const number = (name: string) => (typeof error.details[name] === "number" ? error.details[name] : 0);
  switch (error.code) {
    case "QUOTA_FULL":
      return { code: "quota", bytes, freeBytes: Math.max(0, number("quotaBytes") - number("usedBytes") - number("reservedBytes")) };
    case "MEDIA_REFUSED":
      return { code: "refused", refusal: typeof error.details.refusal === "string" ? error.details.refusal : "unreadable" };
    case "INVALID":
      return number("bytesMax") > 0 ? { code: "file-too-large", bytesMax: number("bytesMax") } : { code: "failed" };
    case "UPLOAD_EXPIRED":
    case "UPLOAD_INCOMPLETE":
      return { code: "expired" };
    case "SIGNED_OUT":
      return { code: "signed-out" };
    case "TOO_MANY_REQUESTS":
      return { code: "too-often" };
    case "STORAGE_UNAVAILABLE":
    case "STORAGE_REFUSED":
      return { code: "storage" };
    default:
      return { code: "failed" };
  }
}

/** Until the time is over, or the connection is back. */
function waitOnline(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (settle: () => void) => {
      clearTimeout(timer);
      window.removeEventListener("online", back);
      signal.removeEventListener("abort", stop);
      settle();
    };
    const back = () => end(resolve);
    const stop = () => end(() => reject(signal.reason));
    const timer = setTimeout(back, milliseconds);
    window.addEventListener("online", back);
    signal.addEventListener("abort", stop);
  });
}
