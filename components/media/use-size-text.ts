import { useTranslations } from "next-intl";
import { useCallback } from "react";
import { byteSize } from "./byte-size";

/** Sizes in the reader's language. For server and client components alike. */
export function useSizeText(): (bytes: number) => string {
  const t = useTranslations("media.size");
  return useCallback(
    (bytes) => {
      const { unit, count } = byteSize(bytes);
      return t(unit, { count });
    },
    [t],
  );
}
