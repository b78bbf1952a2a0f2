import { refuseServerFault } from "@/lib/platform/provider";
import { env } from "@/lib/platform/env";

/** Whether anybody answers where events are sent; a refusal is an answer. @throws when nobody does. */
export async function pingInngest(signal: AbortSignal): Promise<void> {
  const { INNGEST_DEV, INNGEST_BASE_URL } = env();
  const local = INNGEST_DEV && URL.canParse(INNGEST_DEV) ? INNGEST_DEV : undefined;
  refuseServerFault(await fetch(INNGEST_BASE_URL ?? local ?? "https://inn.gs/", { method: "HEAD", redirect: "manual", signal }));
}
