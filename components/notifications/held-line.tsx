import { Moon } from "lucide-react";
import { getTranslations } from "next-intl/server";
import type { Interruptions } from "@/lib/notifications/preferences/queries";
import { formatsFor, type Viewer } from "@/lib/platform/i18n/formats";

/** While a mute or quiet hours keep mail and push away: until when. The inbox fills meanwhile, which is why it is said here. */
export async function HeldLine({ now, viewer, at }: { now: Interruptions; viewer: Viewer; at: Date }) {
  const t = await getTranslations("inbox");
  const until = now.muted ? now.mutedUntil : now.quietUntil;
  if (!now.muted && !until) return null;
  const formats = formatsFor(viewer);
  const words = until && (formats.day(until) === formats.day(at) ? formats.time(until) : formats.dayTime(until));
  return (
    <p className="mb-4 flex items-start gap-2 text-sm text-ink-muted">
      <Moon aria-hidden className="mt-0.5 size-4 shrink-0" />
      {words ? t("held", { when: words }) : t("heldOpen")}
    </p>
  );
}
