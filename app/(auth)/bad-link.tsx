import { getTranslations } from "next-intl/server";
import { PlainPage } from "@/components/ui/plain-page";
import { Refused } from "@/lib/platform/errors";

/** Turns the refusal of a link into what its page says; anything else is a defect and stays loud. */
export function refusedLink(error: unknown): "LINK_INVALID" | "LINK_EXPIRED" {
  if (error instanceof Refused && (error.code === "LINK_INVALID" || error.code === "LINK_EXPIRED")) return error.code;
  throw error;
}

export async function BadLink({ code }: { code: "LINK_INVALID" | "LINK_EXPIRED" }) {
  const t = await getTranslations("leaving.badLink");
  return (
    <PlainPage title={t(`${code}.title`)}>
      <p className="text-ink-muted">{t(`${code}.text`)}</p>
    </PlainPage>
  );
}
