import { eq, sql } from "drizzle-orm";
import { asSystem } from "@/lib/platform/db/client";
import type { Member } from "@/lib/organizations/actor";
import { beginUpload, completeUpload } from "./commands";
import { processMedia } from "./making/commands";
import type { MediaView, Upload } from "./mappings";
import { media, storageUsage } from "./tables";

/** Shorthands of this domain's tests: a browser's part of an upload. */
export async function putBytes({ url, method, headers }: Upload["upload"], bytes: Uint8Array): Promise<Response> {
  return fetch(url, { method, headers, body: new Uint8Array(bytes) });
}

export async function begun(member: Member, bytes: Uint8Array, type: string, fileName = "a file"): Promise<Upload> {
  return beginUpload(member, { fileName, type, bytes: bytes.byteLength });
}

/** Begun, put, completed; not yet processed. */
export async function uploaded(member: Member, bytes: Uint8Array, type: string, fileName?: string): Promise<MediaView> {
  const { id, upload } = await begun(member, bytes, type, fileName);
  const answer = await putBytes(upload, bytes);
  if (!answer.ok) throw new Error(`the storage answered ${answer.status}: ${await answer.text()}`);
  return completeUpload(member, id);
}

export async function ready(member: Member, bytes: Uint8Array, type: string, fileName?: string): Promise<MediaView> {
  const view = await uploaded(member, bytes, type, fileName);
  await processMedia(member, view.id);
  return view;
}

/** What is counted for an organization, and what its rows add up to. */
export async function accounts(organizationId: string) {
  return asSystem("demo", async (tx) => {
    const [counted] = await tx.select().from(storageUsage).where(eq(storageUsage.organizationId, organizationId));
    const [summed] = await tx
      .select({
        used: sql<string>`coalesce(sum(${media.storedBytes}), 0)`,
        reserved: sql<string>`coalesce(sum(${media.declaredBytes}) filter (where ${media.state} = 'pending'), 0)`,
      })
      .from(media)
      .where(eq(media.organizationId, organizationId));
    return {
      counted: { used: counted?.usedBytes ?? 0, reserved: counted?.reservedBytes ?? 0 },
      summed: { used: Number(summed?.used ?? 0), reserved: Number(summed?.reserved ?? 0) },
    };
  });
}

export async function rowOf(id: string) {
  const [row] = await asSystem("demo", (tx) => tx.select().from(media).where(eq(media.id, id)));
  return row;
}
