import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { SignInForm } from "@/components/auth/sign-in-form";
import { Button } from "@/components/ui/button";
import { LinkButton } from "@/components/ui/link-button";
import { Notice } from "@/components/ui/notice";
import { PlainPage } from "@/components/ui/plain-page";
import { safeReturnTo } from "@/lib/platform/auth/return-to";
import { currentSession } from "@/lib/platform/auth/session";
import { signInLinkIsLive } from "@/lib/platform/auth/sign-in-link";
import { queryText, type PageQuery } from "@/lib/platform/query-text";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("auth.confirm"))("title") };
}

/** Where a mailed link leads. Looking uses nothing up: mail scanners look, people press the button. */
export default async function ConfirmPage({ searchParams }: { searchParams: PageQuery }) {
  const [token = "", email = "", callbackUrl] = await Promise.all(
    ["token", "email", "callbackUrl"].map((name) => queryText(searchParams, name)),
  );
  const returnTo = safeReturnTo(callbackUrl);
  const [t, session, live] = await Promise.all([
    getTranslations("auth.confirm"),
    currentSession(),
    signInLinkIsLive(email, token),
  ]);
  if (!live) return <DeadLink email={email} returnTo={returnTo} signedInAs={session?.user.email} />;
  const query = new URLSearchParams({ callbackUrl: returnTo, token, email });
  return (
    <PlainPage title={t("title")}>
      <p>{t.rich("as", { email, b: (chunks) => <b className="break-all">{chunks}</b> })}</p>
      {session && session.user.email !== email && (
        <Notice tone="caution" className="mt-4">
          {t("switching", { current: session.user.email, email })}
        </Notice>
      )}
      <form method="post" action={`/api/auth/callback/email?${query}`} className="mt-6">
        <Button type="submit" variant="primary" autoFocus>
          {t("button")}
        </Button>
      </form>
      <p className="mt-6 text-sm text-ink-muted">{t("notYou")}</p>
    </PlainPage>
  );
}

async function DeadLink({ email, returnTo, signedInAs }: { email: string; returnTo: string; signedInAs?: string }) {
  const t = await getTranslations("auth");
  return (
    <PlainPage title={t("confirm.deadTitle")}>
      {signedInAs ? (
        <>
          <p className="text-ink-muted">{t("confirm.stillIn", { current: signedInAs })}</p>
          <LinkButton href={returnTo} variant="primary" className="mt-6">
            {t("confirm.continue")}
          </LinkButton>
        </>
      ) : (
        <>
          <p className="mb-6 text-ink-muted">{t("confirm.dead")}</p>
          <SignInForm email={email} returnTo={returnTo} button={t("signIn.submit")} />
        </>
      )}
    </PlainPage>
  );
}
