import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { BadLink, refusedLink } from "../../bad-link";
import { MuteForm } from "@/components/leaving/mute-form";
import { PlainPage } from "@/components/ui/plain-page";
import { ClientMessages } from "@/lib/platform/i18n/client-messages";
import { muteAction } from "@/lib/notifications/leaving/actions";
import { muteOffer } from "@/lib/notifications/leaving/queries";

interface Props {
  params: Promise<{ token: string }>;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("leaving.mute"))("pageTitle"), robots: { index: false } };
}

export default async function MutePage({ params }: Props) {
  const { token } = await params;
  const offer = await muteOffer(token).catch(refusedLink);
  if (typeof offer === "string") return <BadLink code={offer} />;
  const t = await getTranslations("leaving.mute");
  const { title, address, organization, isMember, muted } = offer;
  return (
    <ClientMessages namespaces={["leaving"]}>
      <PlainPage title={title ?? t("pageTitle")}>
        <div className="mb-6 flex flex-col gap-3">
          <p>{t.rich(isMember ? "leadMember" : "lead", { address, organization: organization.name, b: (chunks) => <b className="wrap-anywhere">{chunks}</b> })}</p>
          <p className="text-sm text-ink-muted">{t(isMember ? "restMember" : "rest")}</p>
        </div>
        <MuteForm action={muteAction.bind(null, token)} muted={muted} />
      </PlainPage>
    </ClientMessages>
  );
}
