"use client";

import { CircleAlert, Cloud, CloudOff, LoaderCircle, TriangleAlert } from "lucide-react";
import { useTranslations } from "next-intl";
import { formatsFor, type Viewer } from "@/lib/platform/i18n/formats";
import { statusOf } from "./autosave";
import type { SaveView } from "./autosave-runner";

const icons = { new: null, saved: Cloud, saving: LoaderCircle, offline: CloudOff, refused: CircleAlert, conflict: TriangleAlert };

/** One quiet line that says where the words are. Said aloud only when something changes that a person must know. */
export function SaveStatus({ view: { state, kept }, viewer }: { view: SaveView; viewer: Viewer }) {
  const t = useTranslations();
  const status = statusOf(state);
  const Icon = icons[status];
  const words = {
    new: () => t("editor.status.new"),
    saved: () => t("editor.status.saved", { time: formatsFor(viewer).time(state.savedAt ?? 0) }),
    saving: () => t("editor.status.saving"),
    offline: () => (kept ? t("editor.status.offline") : t("editor.status.offlineNotKept")),
    refused: () => t("editor.status.refused", { why: whyRefused() }),
    conflict: () => t("editor.status.conflict"),
  }[status]();

  function whyRefused(): string {
    const { code = "UNEXPECTED", detail = "" } = state.refused ?? {};
    if (detail && t.has(`faults.${detail as "invalid"}`)) return t(`faults.${detail as "invalid"}`);
    return t.has(`refusals.${code as "INVALID"}`) ? t(`refusals.${code as "INVALID"}`) : t("refusals.UNEXPECTED");
  }

  const urgent = status === "offline" || status === "refused" || status === "conflict";
  return (
    <p className={`flex min-w-0 items-center gap-1.5 text-xs ${urgent ? "text-caution" : "text-ink-muted"}`} data-save-status={status}>
      {Icon && <Icon aria-hidden className={`size-3.5 shrink-0 ${status === "saving" ? "animate-spin" : ""}`} />}
      <span aria-hidden={urgent || undefined}>{words}</span>
      <span role="status" className="sr-only">
        {urgent ? words : ""}
      </span>
    </p>
  );
}
