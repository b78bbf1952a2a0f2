import { Inngest } from "inngest";
import { log } from "@/lib/platform/log";

/** Where the engine is and how to sign for it come from the SDK's own variables (INNGEST_DEV, INNGEST_EVENT_KEY, …). */
export const inngest = new Inngest({
  id: "moim",
  logger: {
    debug: (...parts: unknown[]) => log.debug(words(parts)),
    info: (...parts: unknown[]) => log.info(words(parts)),
    warn: (...parts: unknown[]) => log.warn(words(parts)),
    error: (...parts: unknown[]) => log.error(words(parts)),
  },
});

/** The SDK logs in pino's order as well as in the console's. */
const words = (parts: unknown[]) =>
  parts.map((part) => (part instanceof Error ? part.message : typeof part === "string" ? part : JSON.stringify(part))).join(" ");
