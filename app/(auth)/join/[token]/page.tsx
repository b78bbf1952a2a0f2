import { redirect } from "next/navigation";
import { getTranslations } from "next-intl/server";
import type { ReactNode } from "react";
import { JoinForm } from "@/components/auth/join-form";
import { LinkButton } from "@/components/ui/link-button";
import { PlainPage } from "@/components/ui/plain-page";
import { currentSession } from "@/lib/platform/auth/session";
import { Refused } from "@/lib/platform/errors";
import { joinOffer, type JoinOffer } from "@/lib/organizations/joining/queries";
import { myOrganizations } from "@/lib/organizations/queries";

interface Props {
  params: Promise<{ token: string }>;
}

const bold = { b: (chunks: ReactNode) => <b className="break-all">{chunks}</b> };

export default async function JoinPage({ params }: Props) {
  const { token } = await params;
  const offer = await offerOf(decodeURIComponent(token));
  if (offer instanceof Refused) return <UnreadableLink expired={offer.code === "LINK_EXPIRED"} />;
  const session = await currentSession();
  if (offer.state !== "open") return <ClosedOffer offer={{ ...offer, state: offer.state }} />;
  const t = await getTranslations("auth.join");
  const { inviterName: inviter, organizationName: organization, email } = offer;
  const form = (button: string) => <JoinForm token={decodeURIComponent(token)} asksName={!offer.personName} button={button} />;
  const current = session?.user.email;
  if (current && current !== email) {
    return (
      <PlainPage title={t("otherTitle")}>
        <p>{t("title", { inviter, organization })}</p>
        <p className="mt-2 mb-6">{t.rich("other", { email, current, ...bold })}</p>
        {form(t("joinAs", { email }))}
        <p className="mt-1.5 mb-4 text-sm text-ink-muted">{t("joinAsHint", { current })}</p>
        <LinkButton href="/" className="whitespace-normal">
          {t("stay", { current })}
        </LinkButton>
      </PlainPage>
    );
  }
  return (
    <PlainPage title={t("title", { inviter, organization })}>
      <p className="mb-6 text-ink-muted">{t.rich("as", { email, ...bold })}</p>
      {form(t("button", { organization }))}
    </PlainPage>
  );
}

async function offerOf(token: string): Promise<JoinOffer | Refused> {
  try {
    return await joinOffer(token);
  } catch (error) {
    if (error instanceof Refused) return error;
    throw error;
  }
}

async function UnreadableLink({ expired }: { expired: boolean }) {
  const t = await getTranslations("auth.join");
  return (
    <PlainPage title={t(expired ? "closedTitle" : "invalidTitle")}>
      <p className="text-ink-muted">{t(expired ? "expiredUnknown" : "invalid")}</p>
      <LinkButton href="/sign-in" className="mt-6">
        {t("toSignIn")}
      </LinkButton>
    </PlainPage>
  );
}

async function ClosedOffer({ offer }: { offer: JoinOffer & { state: Exclude<JoinOffer["state"], "open"> } }) {
  const t = await getTranslations("auth.join");
  const session = await currentSession();
  const { inviterName: inviter, organizationName: organization, organizationSlug: slug, email } = offer;
  const isIn = session ? (await myOrganizations(session.user)).some((mine) => mine.slug === slug) : false;
  if (isIn && offer.state === "accepted") redirect(`/${slug}`);
  return (
    <PlainPage title={t("closedTitle")}>
      <p className="text-ink-muted">{t(offer.state, { inviter, organization, email })}</p>
      {isIn ? (
        <LinkButton href={`/${slug}`} variant="primary" className="mt-6">
          {t("toOrganization", { organization })}
        </LinkButton>
      ) : (
        <LinkButton href={`/sign-in?callbackUrl=/${slug}`} className="mt-6">
          {t("toSignIn")}
        </LinkButton>
      )}
    </PlainPage>
  );
}
