import { z } from "zod";
import { instantInput } from "@/lib/platform/instant-input";
import { inboundStateNames } from "../../ingest/inputs";

/** How far back the page looks; the API says from when to when. */
export const logWindows = { "1h": 1, "24h": 24, "7d": 7 * 24, "30d": 30 * 24, all: null } as const;
export const logWindowNames = ["1h", "24h", "7d", "30d", "all"] as const;

// PostgreSQL holds no U+0000, so nothing can be found by it.
const words = (max: number) => z.string().trim().max(max).regex(/^[^\u0000]*$/).catch("");

/** The page's own form: whatever stands in the address, the page shows the nearest search that there is. */
export const logSearchInput = z.object({
  event: words(100),
  state: z.enum(inboundStateNames).or(z.literal("")).catch(""),
  text: words(200),
  within: z.enum(logWindowNames).catch("7d"),
  cursor: z.string().regex(/^whk_[0-7][0-9a-hjkmnp-tv-z]{25}$/).catch(""),
});
export type LogSearch = z.output<typeof logSearchInput>;

const id = z.string("wrong-type").max(64, "invalid");

export const replayOneForm = z.strictObject({ connectionId: id, webhookId: id });

const instant = z.string("wrong-type").refine((text) => instantInput.safeParse(text).success, { error: "local-time", abort: true });

export const replayRangeForm = z.strictObject({ connectionId: id, from: instant, to: instant }).refine(
  ({ from, to }) => Date.parse(from) < Date.parse(to),
  { error: "end-before-start", path: ["to"] },
);
