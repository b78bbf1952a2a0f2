import type { Metadata } from "next";
import Link from "next/link";
import { getTranslations } from "next-intl/server";
import { SignInForm } from "@/components/auth/sign-in-form";
import { PlainPage } from "@/components/ui/plain-page";
import { safeReturnTo } from "@/lib/platform/auth/return-to";
import { queryText, type PageQuery } from "@/lib/platform/query-text";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("auth.check"))("title") };
}

/** The same page for every address: whether somebody has an account here is nobody else's business. */
export default async function CheckMailPage({ searchParams }: { searchParams: PageQuery }) {
  const t = await getTranslations("auth.check");
  const email = await queryText(searchParams, "email");
  const returnTo = safeReturnTo(await queryText(searchParams, "callbackUrl"));
  return (
    <PlainPage title={t("title")}>
      <p>{email ? t.rich("sent", { email, b: (chunks) => <b className="break-all">{chunks}</b> }) : t("sentSomewhere")}</p>
      <p className="mt-2 text-ink-muted">{t("validity")}</p>
      <details className="mt-8 border-t border-line pt-4">
        <summary className="min-h-10 cursor-pointer py-2 font-medium">{t("nothing")}</summary>
        <p className="mt-1 mb-5 text-sm text-ink-muted">{t("hints")}</p>
        <SignInForm email={email} returnTo={returnTo} button={t("again")} />
      </details>
      <p className="mt-4">
        <Link href="/sign-in" className="inline-flex min-h-10 items-center text-sm text-accent-ink underline underline-offset-2">
          {t("otherAddress")}
        </Link>
      </p>
    </PlainPage>
  );
}
