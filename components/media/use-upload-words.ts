import { useTranslations } from "next-intl";
import { useCallback } from "react";
import { mediaRefusals, type MediaRefusal } from "@/lib/feed/media/inputs";
import type { UploadError } from "./uploader";
import { useSizeText } from "./use-size-text";

/** Why something was not uploaded, and what to do about it. */
export function useUploadWords(): (error: UploadError) => string {
  const t = useTranslations("media.failures");
  const refusals = useTranslations("media.refusals");
  const sizeText = useSizeText();
  return useCallback(
    ({ code, refusal, bytes = 0, freeBytes = 0, bytesMax = 0 }) => {
      switch (code) {
        case "refused":
          return refusals(isRefusal(refusal) ? refusal : "unreadable");
        case "quota":
          return t("quota", { bytes: sizeText(bytes), free: sizeText(freeBytes) });
        case "file-too-large":
          return t("file-too-large", { max: sizeText(bytesMax) });
        default:
          return t(code);
      }
    },
    [t, refusals, sizeText],
  );
}

const isRefusal = (code: string | undefined): code is MediaRefusal => (mediaRefusals as readonly string[]).includes(code ?? "");
