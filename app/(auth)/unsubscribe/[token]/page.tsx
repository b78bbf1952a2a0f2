import type { Metadata } from "next";
import Link from "next/link";
import { getTranslations } from "next-intl/server";
import { BadLink, refusedLink } from "../../bad-link";
import { LeaveForm } from "@/components/leaving/leave-form";
import { PlainPage } from "@/components/ui/plain-page";
import { ClientMessages } from "@/lib/platform/i18n/client-messages";
import { leaveAction } from "@/lib/notifications/leaving/actions";
import { leaveOffer, type LeaveOffer } from "@/lib/notifications/leaving/queries";

interface Props {
  params: Promise<{ token: string }>;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("leaving"))("title"), robots: { index: false } };
}

export default async function UnsubscribePage({ params }: Props) {
  const { token } = await params;
  const offer = await leaveOffer(token).catch(refusedLink);
  if (typeof offer === "string") return <BadLink code={offer} />;
  return (
    <ClientMessages namespaces={["leaving"]}>
      <Offer offer={offer} token={token} />
    </ClientMessages>
  );
}

async function Offer({ offer: { scope, address, organization, isMember, left }, token }: { offer: LeaveOffer; token: string }) {
  const t = await getTranslations("leaving");
  const values = { organization: organization.name, address };
  return (
    <PlainPage title={t("title")}>
      <div className="mb-6 flex flex-col gap-3">
        <p>{t.rich("digest" in scope ? `lead.${scope.digest}` : "lead.categories", { ...values, b: (chunks) => <b className="wrap-anywhere">{chunks}</b> })}</p>
        {"categories" in scope && (
          <ul className="list-disc pl-5">
            {scope.categories.map((category) => (
              <li key={category}>{t(`categories.${category}`)}</li>
            ))}
          </ul>
        )}
        <p className="text-sm text-ink-muted">{t("digest" in scope ? "rest.digest" : isMember ? "rest.member" : "rest.guest")}</p>
      </div>
      <LeaveForm action={leaveAction.bind(null, token)} left={left} address={address} mayReturn={"categories" in scope} />
      {isMember && (
        <p className="mt-6 text-sm">
          <Link href={`/${organization.slug}/settings/notifications`} className="text-accent-ink underline">
            {t("settings")}
          </Link>
        </p>
      )}
    </PlainPage>
  );
}
