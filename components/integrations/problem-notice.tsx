import { getTranslations } from "next-intl/server";
import { Notice } from "@/components/ui/notice";
import { grantProblemOf } from "@/lib/integrations/grants/inputs";

/** Why a consent did not come about, to whoever was sent back without one. */
export async function ProblemNotice({ problem }: { problem: string | undefined }) {
  const known = grantProblemOf(problem);
  if (!known) return null;
  const t = await getTranslations("grants.problems");
  return (
    <Notice tone="caution" role="status">
      {t(known)}
    </Notice>
  );
}
