import { log } from "../log";

/**
 * Waking the relay after a commit. The platform may not know Inngest, so `instrumentation.ts` connects it once a process; the
 * global is shared because Next gives instrumentation and routes separate module graphs. Without a relay the sweep still delivers.
 */
const held = globalThis as typeof globalThis & { moimRelay?: () => Promise<unknown>; moimRelaying?: Promise<void>; moimRelayAgain?: boolean };

export function connectRelay(relay: () => Promise<unknown>): void {
  held.moimRelay = relay;
}

/** Runs the relay soon, one at a time in this process; a poke during a run makes it look once more. Never throws. */
export async function pokeRelay(): Promise<void> {
  const relay = held.moimRelay;
  if (!relay) return;
  if (held.moimRelaying) {
    held.moimRelayAgain = true;
    return held.moimRelaying;
  }
  held.moimRelaying = (async () => {
    do {
      held.moimRelayAgain = false;
      try {
        await relay();
      } catch (error) {
        log.warn("relay could not reach Inngest; the sweep will try again", { reason: String(error) });
      }
    } while (held.moimRelayAgain);
  })().finally(() => {
    held.moimRelaying = undefined;
  });
  return held.moimRelaying;
}
