import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { PlainPage } from "@/components/ui/plain-page";
import { queryText, type PageQuery } from "@/lib/platform/query-text";
import { grantProblemOf } from "@/lib/integrations/grants/inputs";

interface Props {
  searchParams: PageQuery;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("grants"))("title"), robots: { index: false } };
}

/** For consents that came back without saying, or without proving, whose they are: there is no page of an organization to say it on. */
export default async function ProblemPage({ searchParams }: Props) {
  const problem = grantProblemOf(await queryText(searchParams, "problem"));
  if (!problem) notFound();
  const t = await getTranslations("grants");
  return (
    <PlainPage title={t("title")}>
      <p className="text-ink-muted">{t(`problems.${problem}`)}</p>
      <p className="mt-6">
        <Link href="/" className="inline-flex min-h-10 items-center text-accent-ink underline underline-offset-2">
          {t("back")}
        </Link>
      </p>
    </PlainPage>
  );
}
