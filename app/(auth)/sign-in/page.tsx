import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { SignInForm } from "@/components/auth/sign-in-form";
import { Button } from "@/components/ui/button";
import { Notice } from "@/components/ui/notice";
import { PlainPage } from "@/components/ui/plain-page";
import { offeredProviders } from "@/lib/platform/auth/offered-providers";
import { safeReturnTo } from "@/lib/platform/auth/return-to";
import { currentSession } from "@/lib/platform/auth/session";
import { queryText, type PageQuery } from "@/lib/platform/query-text";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("auth.signIn"))("title") };
}

export default async function SignInPage({ searchParams }: { searchParams: PageQuery }) {
  const returnTo = safeReturnTo(await queryText(searchParams, "callbackUrl"));
  if (await currentSession()) redirect(returnTo);
  const t = await getTranslations("auth.signIn");
  const problem = await queryText(searchParams, "error");
  const signedOut = await queryText(searchParams, "signedOut");
  const providers = offeredProviders();
  return (
    <PlainPage title={t("title")}>
      {problem && (
        <Notice tone="caution" role="alert" className="mb-5">
          {t.has(`problems.${problem as "other"}`) ? t(`problems.${problem as "other"}`) : t("problems.other")}
        </Notice>
      )}
      {signedOut && !problem && (
        <Notice tone="positive" role="status" className="mb-5">
          {t("signedOut")}
        </Notice>
      )}
      <p className="mb-6 text-ink-muted">{t("lead")}</p>
      <SignInForm returnTo={returnTo} button={t("submit")} />
      {providers.length > 0 && (
        <>
          <p className="my-5 text-center text-sm text-ink-muted">{t("or")}</p>
          <ul className="flex flex-col gap-2">
            {providers.map(({ id, name }) => (
              <li key={id}>
                {/* A plain form, because next-auth answers it with the provider's address and the cookies of the way there. */}
                <form method="post" action={`/api/auth/signin/${id}`}>
                  <input type="hidden" name="callbackUrl" value={returnTo} />
                  <Button type="submit" className="w-full">
                    {t("with", { provider: name })}
                  </Button>
                </form>
              </li>
            ))}
          </ul>
        </>
      )}
      <p className="mt-6 text-sm text-ink-muted">{t("newHere")}</p>
    </PlainPage>
  );
}
