import { Refused } from "@/lib/platform/errors";
import { signedDownload } from "@/lib/platform/storage";
import type { Member } from "@/lib/organizations/actor";
import { variantNames, type VariantName } from "../inputs";
import { visibleMedia } from "../queries";
import { downloadName, nearestVariant, servedKey } from "../rules";

/** A picture or a file is fetched at once; a player asks again and again while it plays. */
const fetchedWithinSeconds = 60;
const playedWithinSeconds = 15 * 60;

const isVariant = (name: string): name is VariantName => (variantNames as readonly string[]).includes(name);

/**
 * Where the bytes can be fetched for a moment, by whoever may see them now. What a page cannot show is only ever downloaded.
 * @throws Refused NOT_FOUND, also for whoever may not see it and while it is being prepared; STORAGE_UNAVAILABLE.
 */
export async function mediaAddress(member: Member, id: string, name: string, { download = false } = {}): Promise<string> {
  const row = await visibleMedia(member, id);
  const variant = row.state === "ready" && isVariant(name) ? nearestVariant(row.variants, name) : undefined;
  if (!variant) throw new Refused("NOT_FOUND");
  return signedDownload({
    key: servedKey(row, variant.name),
    expiresInSeconds: row.kind === "video" || row.kind === "audio" ? playedWithinSeconds : fetchedWithinSeconds,
    type: variant.type,
    disposition: row.kind === "file" || download ? "attachment" : "inline",
    fileName: downloadName(row.fileName, variant.type),
  });
}
