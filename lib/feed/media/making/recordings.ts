import { ALL_FORMATS, CustomSource, Input } from "mediabunny";
import { readStored } from "@/lib/platform/storage";

export interface Recording {
  kind: "video" | "audio";
  width: number | null;
  height: number | null;
  durationMs: number | null;
}

/** What is read of a file at most to learn how long it is: its index, wherever it stands, and not its content. */
const readBytesMax = 64 * 1024 * 1024;
const millisecondsMax = 60_000;

/** What a recording says of itself; null when it is none. Its content is not decoded. @throws Refused STORAGE_UNAVAILABLE. */
export async function readRecording(key: string, bytes: number): Promise<Recording | null> {
  let readSoFar = 0;
  let failure: unknown;
  const source = new CustomSource({
    getSize: () => bytes,
    read: async (start, end) => {
      readSoFar += end - start;
      if (readSoFar > readBytesMax) throw new Error("the index of this recording is too large");
      try {
        return await readStored(key, { from: start, to: end - 1 });
      } catch (error) {
        failure = error;
        throw error;
      }
    },
    prefetchProfile: "network",
    handleUnhandledError: () => undefined,
  });
  const input = new Input({ formats: ALL_FORMATS, source });
  try {
    return await within(millisecondsMax, describe(input));
  } catch {
    if (failure !== undefined) throw failure;
    return null;
  } finally {
    input.dispose();
  }
}

async function describe(input: Input): Promise<Recording | null> {
  const [video, audio] = await Promise.all([input.getPrimaryVideoTrack(), input.getPrimaryAudioTrack()]);
  if (!video && !audio) return null;
  const seconds = (await input.getDurationFromMetadata()) ?? (await input.computeDuration().catch(() => null));
  return {
    kind: video ? "video" : "audio",
    width: (await video?.getDisplayWidth()) ?? null,
    height: (await video?.getDisplayHeight()) ?? null,
    durationMs: seconds !== null && Number.isFinite(seconds) ? Math.min(Math.round(seconds * 1000), 2 ** 31 - 1) : null,
  };
}

async function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("reading this recording took too long")), milliseconds);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
