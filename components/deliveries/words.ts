import type { BadgeTone } from "@/components/ui/badge";
import { getTranslations } from "next-intl/server";

/** Codes of the engine in the reader's words; a code without words is shown as it is. */
export async function deliveryWords() {
  const t = await getTranslations("console");
  const worded = (group: "types" | "reasons" | "causes" | "trace.report", code: string, fallback: string) => {
    // Message keys cannot hold dots.
    const key = `${group}.${code.replace(".", "·")}` as "types.meeting·invited";
    return t.has(key) ? t(key) : fallback;
  };
  return {
    t,
    type: (type: string) => worded("types", type, type),
    /** The provider's own words stay its own. */
    reason: (reason: string) => worded("reasons", reason, reason),
    cause: (cause: string) => worded("causes", cause || "unknown", cause),
    report: (type: string) => worded("trace.report", type, type),
  };
}

export type DeliveryWords = Awaited<ReturnType<typeof deliveryWords>>;

export const stateTones: Record<"pending" | "held" | "sending" | "sent" | "failed" | "skipped" | "merged", BadgeTone> = {
  sent: "positive",
  failed: "danger",
  held: "accent",
  pending: "neutral",
  sending: "neutral",
  skipped: "neutral",
  merged: "neutral",
};
