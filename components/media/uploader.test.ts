import { describe, expect, test, vi } from "vitest";
import type { MediaView, Quota } from "@/lib/feed/media/mappings";
import { byteSize } from "./byte-size";
import { CallFailed, type UploadCalls } from "./upload-calls";
import { createUploader } from "./uploader";

const quota: Quota = { usedBytes: 0, reservedBytes: 0, quotaBytes: 10_000, fileBytesMax: 1_000, available: true };
const view = (id: string, state: MediaView["state"] = "ready"): MediaView => ({
  id,
  organization: "here",
  kind: "image",
  state,
  refusal: null,
  fileName: "a.png",
  type: "image/png",
  bytes: 1,
  width: 1,
  height: 1,
  durationMs: null,
  alt: "",
  placeholder: null,
  variants: [],
});
const file = (name = "a.png", size = 100) => new File([new Uint8Array(size)], name, { type: "image/png" });

function stage(over: Partial<UploadCalls> = {}) {
  let serial = 0;
  const calls = {
    quota: vi.fn(over.quota ?? (async () => quota)),
    begin: vi.fn(over.begin ?? (async () => ({ id: `med_${(serial += 1)}`, upload: { url: "https://storage.example/x", method: "PUT" as const, headers: {}, expiresAt: "2031-01-01T00:00:00Z" } }))),
    put: vi.fn(over.put ?? (async () => undefined)),
    complete: vi.fn(over.complete ?? (async (id: string) => view(id))),
    look: vi.fn(over.look ?? (async (id: string) => view(id))),
    forget: vi.fn(over.forget ?? (async () => undefined)),
  };
  const waits: number[] = [];
  const uploader = createUploader({
    calls,
    wait: async (milliseconds, signal) => {
      waits.push(milliseconds);
      await Promise.resolve();
      signal.throwIfAborted();
    },
  });
  const settled = () => vi.waitFor(() => expect(uploader.items().some(({ state }) => state !== "done" && state !== "failed" && state !== "cancelled")).toBe(false));
  return { uploader, calls, waits, settled };
}

const failing = (times: number, error: CallFailed) => {
  let left = times;
  return async <T>(value: T): Promise<T> => {
    if ((left -= 1) >= 0) throw error;
    return value;
  };
};

describe("an upload", () => {
  test("reports its progress and ends with what arrived", async () => {
    const seen: number[] = [];
    const { uploader, settled } = stage({
      put: async (_upload, _body, { onProgress }) => {
        onProgress(25);
        seen.push(uploader.items()[0]?.progress ?? -1);
        onProgress(100);
      },
    });
    const done = vi.fn();
    uploader.tell({ onDone: done });
    uploader.add([file()]);
    await settled();
    expect(seen).toEqual([0.25]);
    expect(uploader.items()[0]).toMatchObject({ state: "done", progress: 1, mediaId: "med_1" });
    expect(done).toHaveBeenCalledTimes(1);
  });

  test("begins at most three at a time", async () => {
    let now = 0;
    let most = 0;
    const { uploader, settled } = stage({
      put: async () => {
        most = Math.max(most, (now += 1));
        await new Promise((resolve) => setImmediate(resolve));
        now -= 1;
      },
    });
    uploader.add(Array.from({ length: 8 }, (_, at) => file(`${at}.png`)));
    await settled();
    expect(most).toBe(3);
    expect(uploader.items().every(({ state }) => state === "done")).toBe(true);
  });

  test.each([
    ["empty", 0, quota, "empty-file"],
    ["larger than one may be", 1_001, quota, "file-too-large"],
    ["more than there is room for", 500, { ...quota, usedBytes: 9_000, reservedBytes: 600 }, "quota"],
  ])("that is %s is refused before anything is sent", async (_what, size, room, code) => {
    const { uploader, calls, settled } = stage({ quota: async () => room });
    uploader.add([file("a.png", size)]);
    await settled();
    expect(uploader.items()[0]?.error?.code).toBe(code);
    expect(calls.begin).not.toHaveBeenCalled();
  });

  test("waits out a lost connection, however long it takes, and promises room once", async () => {
    const answer = failing(9, new CallFailed("NETWORK"));
    const { uploader, calls, settled, waits } = stage({ begin: async (_f, _key) => answer({ id: "med_1", upload: { url: "https://s.example", method: "PUT" as const, headers: {}, expiresAt: "2031-01-01T00:00:00Z" } }) });
    uploader.add([file()]);
    await settled();
    expect(uploader.items()[0]?.state).toBe("done");
    expect(new Set(calls.begin.mock.calls.map(([, key]) => key)).size).toBe(1);
    expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 15_000, 30_000, 30_000, 30_000, 30_000]);
  });

  test("gives up on a server that keeps failing, and can be tried again", async () => {
    let broken = true;
    const { uploader, settled } = stage({
      put: async () => {
        if (broken) throw new CallFailed("SERVER");
      },
    });
    uploader.add([file()]);
    await settled();
    expect(uploader.items()[0]).toMatchObject({ state: "failed", mediaId: null, error: { code: "failed" } });
    broken = false;
    uploader.items()[0]?.retry();
    await settled();
    expect(uploader.items()[0]).toMatchObject({ state: "done", error: null });
  });

  test("whose address expired is begun anew under a key of its own", async () => {
    const expired = failing(1, new CallFailed("UPLOAD_EXPIRED"));
    const { uploader, calls, settled } = stage({ put: async () => expired(undefined) });
    uploader.add([file()]);
    await settled();
    expect(uploader.items()[0]).toMatchObject({ state: "done", mediaId: "med_2" });
    expect(new Set(calls.begin.mock.calls.map(([, key]) => key)).size).toBe(2);
    expect(calls.forget).toHaveBeenCalledWith("med_1");
  });

  test("that is cancelled stops its transfer and frees its room", async () => {
    const { uploader, calls } = stage({ put: (_upload, _body, { signal }) => new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason))) });
    uploader.add([file()]);
    await vi.waitFor(() => expect(calls.put).toHaveBeenCalled());
    uploader.items()[0]?.cancel();
    expect(uploader.items()[0]?.state).toBe("cancelled");
    expect(calls.forget).toHaveBeenCalledWith("med_1");
    await vi.waitFor(() => expect(calls.complete).not.toHaveBeenCalled());
    expect(uploader.items()[0]?.state).toBe("cancelled");
    uploader.items()[0]?.dismiss();
    expect(uploader.items()).toEqual([]);
  });

  test("that the server refused says why", async () => {
    const { uploader, settled } = stage({
      complete: async () => {
        throw new CallFailed("MEDIA_REFUSED", { refusal: "not-a-picture" });
      },
    });
    uploader.add([file()]);
    await settled();
    expect(uploader.items()[0]?.error).toEqual({ code: "refused", refusal: "not-a-picture" });
  });

  test("that another one took the last room from says how much there was", async () => {
    const { uploader, settled } = stage({
      begin: async () => {
        throw new CallFailed("QUOTA_FULL", { usedBytes: 9_000, reservedBytes: 950, quotaBytes: 10_000 });
      },
    });
    uploader.add([file("a.png", 100)]);
    await settled();
    expect(uploader.items()[0]?.error).toEqual({ code: "quota", bytes: 100, freeBytes: 50 });
  });

  test("is followed until its sizes are made", async () => {
    let looks = 0;
    const { uploader, settled } = stage({ complete: async (id) => view(id, "processing"), look: async (id) => view(id, (looks += 1) < 3 ? "processing" : "ready") });
    const isReady = vi.fn();
    uploader.tell({ onReady: isReady });
    uploader.add([file()]);
    await settled();
    await vi.waitFor(() => expect(isReady).toHaveBeenCalledTimes(1));
    expect(looks).toBe(3);
    expect(uploader.items()[0]?.media?.state).toBe("ready");
  });
});

test("sizes are said as people say them", () => {
  expect([0, 999, 1000, 1024, 10_240, 1_500_000, 5 * 1024 ** 3].map(byteSize)).toEqual([
    { unit: "bytes", count: 0 },
    { unit: "bytes", count: 999 },
    { unit: "kilo", count: 1 },
    { unit: "kilo", count: 1 },
    { unit: "kilo", count: 10 },
    { unit: "mega", count: 1.4 },
    { unit: "giga", count: 5 },
  ]);
});
