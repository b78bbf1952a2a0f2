import type { VariantName } from "@/lib/feed/media/inputs";
import type { MediaView } from "@/lib/feed/media/mappings";

/** Where a browser fetches it. Asked for each time, so it works for as long as who asks may see it, and no longer. */
export function mediaAddress({ id, organization }: Pick<MediaView, "id" | "organization">, variant: VariantName, { download = false } = {}): string {
  return `/api/media/${id}/${variant}?${new URLSearchParams({ organization, ...(download && { download: "true" }) })}`;
}
