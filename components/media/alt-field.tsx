"use client";

import { useTranslations } from "next-intl";
import { useId, useState } from "react";
import { altMax } from "@/lib/feed/media/inputs";
import type { MediaView } from "@/lib/feed/media/mappings";
import { Button } from "../ui/button";

interface Props {
  media: Pick<MediaView, "id" | "organization" | "alt">;
  onSaved?: (media: MediaView) => void;
}

/** Asks what a picture shows. It is no form of its own, because it stands within that of an article. */
export function AltField({ media, onSaved }: Props) {
  const t = useTranslations("media");
  const refusals = useTranslations("refusals");
  const id = useId();
  const [alt, setAlt] = useState(media.alt);
  const [state, setState] = useState<"idle" | "saving" | "saved" | "failed">("idle");

  const save = async () => {
    setState("saving");
    const response = await fetch(`/api/media/${media.id}?${new URLSearchParams({ organization: media.organization })}`, {
      method: "PATCH",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ alt }),
    }).catch(() => null);
    setState(response?.ok ? "saved" : "failed");
    if (response?.ok) onSaved?.((await response.json()) as MediaView);
  };

  return (
    <div className="text-sm">
      <label htmlFor={id} className="block font-medium">
        {t("alt")}
      </label>
      <p id={`${id}-hint`} className="text-ink-muted">
        {t("altHint")}
      </p>
      <div className="mt-1 flex flex-wrap gap-2">
        <input
          id={id}
          value={alt}
          maxLength={altMax}
          aria-describedby={`${id}-hint`}
          onChange={({ target }) => {
            setAlt(target.value);
            setState("idle");
          }}
          onKeyDown={(event) => {
            if (event.key !== "Enter" || event.nativeEvent.isComposing) return;
            event.preventDefault();
            void save();
          }}
          className="min-h-10 min-w-0 flex-1 basis-56 rounded-lg border border-line-strong/60 bg-surface px-3"
        />
        <Button onClick={() => void save()} aria-disabled={state === "saving"}>
          {t("altSave")}
        </Button>
      </div>
      <p role="status" className="mt-1 min-h-5 text-ink-muted">
        {state === "saved" ? t("altSaved") : state === "failed" ? refusals("UNEXPECTED") : ""}
      </p>
    </div>
  );
}
