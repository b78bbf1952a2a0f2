import { Badge, type BadgeTone } from "@/components/ui/badge";

/** Jira's own categories; what it may add one day is shown quietly. */
const tones: Record<string, BadgeTone> = { new: "neutral", indeterminate: "accent", done: "positive" };

export function StatusBadge({ status, category }: { status: string | null; category: string | null }) {
  return status ? <Badge tone={tones[category ?? ""] ?? "neutral"}>{status}</Badge> : null;
}
