import type { Metadata } from "next";
import type { ReactNode } from "react";
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
  return { title: (await getTranslations("leaving.mute"))("metaTitle"), robots: { index: false } };
}

export default async function MutePage({ params }: Props) {
  const { token } = await params;
  const offer = await muteOffer(token).catch(refusedLink);
  if (typeof offer === "string") return <BadLink code={offer} />;
  const [t, about] = await Promise.all([getTranslations("leaving.mute"), getTranslations("leaving.mute.article")]);
  const { what, title, address, organization, isMember, muted } = offer;
  const named = { address, organization: organization.name, b: (chunks: ReactNode) => <b className="wrap-anywhere">{chunks}</b> };
  return (
    <ClientMessages namespaces={["leaving"]}>
      <PlainPage title={title ?? (what === "article" ? about("pageTitle") : t("pageTitle"))}>
        <div className="mb-6 flex flex-col gap-3">
          <p>{what === "article" ? about.rich("lead", named) : t.rich(isMember ? "leadMember" : "lead", named)}</p>
          <p className="text-sm text-ink-muted">{what === "article" ? about("rest") : t(isMember ? "restMember" : "rest")}</p>
        </div>
        <MuteForm action={muteAction.bind(null, token)} muted={muted} what={what} />
      </PlainPage>
    </ClientMessages>
  );
}
