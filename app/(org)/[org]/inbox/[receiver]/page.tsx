import { Bell, BellOff, ExternalLink } from "lucide-react";
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { ReadOnView } from "@/components/notifications/read-on-view";
import { ReceiptChannel } from "@/components/notifications/receipt-channel";
import { Button } from "@/components/ui/button";
import { buttonStyle } from "@/components/ui/button-style";
import { Card } from "@/components/ui/card";
import { Form } from "@/components/ui/form";
import { LinkButton } from "@/components/ui/link-button";
import { PageHeader } from "@/components/ui/page-header";
import { ClientMessages } from "@/lib/platform/i18n/client-messages";
import { Refused } from "@/lib/platform/errors";
import { formatsFor } from "@/lib/platform/i18n/formats";
import { isId } from "@/lib/platform/ids";
import { openArticles } from "@/lib/feed/news/queries";
import { unreadAbout } from "@/lib/notifications/inbox/queries";
import { muteThreadAction } from "@/lib/notifications/preferences/actions";
import { receiptOf, type Receipt } from "@/lib/notifications/receipts/queries";
import { pageMember, type Member } from "@/lib/organizations/actor";

interface Props {
  params: Promise<{ org: string; receiver: string }>;
}

/** As if it did not exist, also when it is somebody else's. */
async function found(member: Member, id: string): Promise<Receipt> {
  try {
    return await receiptOf(member, id);
  } catch (error) {
    if (error instanceof Refused && error.code === "NOT_FOUND") notFound();
    throw error;
  }
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("receipts"))("title") };
}

export default async function ReceiptPage({ params }: Props) {
  const { org, receiver } = await params;
  const member = await pageMember(org, `/${org}/inbox/${receiver}`);
  const receipt = await found(member, receiver);
  const [t, names, about] = await Promise.all([getTranslations("receipts"), getTranslations("preferences.grid.categories"), unreadAbout(member, receipt.subjectId)]);
  const { articleId } = receipt;
  const lost = articleId !== null && !(await openArticles(member, [articleId])).has(articleId);
  const formats = formatsFor(member);
  const { type, category, occurredAt, decidedAt, workspace, readAt, snoozedUntil, thread, path, outside } = receipt;
  const isMeeting = isId("meeting", receipt.subjectId);
  const isArticle = thread !== null && isId("article", thread.name);
  return (
    <ClientMessages namespaces={["inbox"]}>
      {/* A line whose page this is has been read here; one about a meeting is read where the meeting is. */}
      {!isMeeting && <ReadOnView organization={org} subjectId={receipt.subjectId} {...about} />}
      <PageHeader
        back={{ href: `/${org}/inbox`, label: t("back") }}
        title={t("title")}
        actions={
          isMeeting ? (
            <LinkButton href={`/${org}/meetings/${receipt.subjectId}`}>{t("about")}</LinkButton>
          ) : (
            (path ?? outside) && (
              <>
                {outside && (
                  <a href={outside.url} target="_blank" rel="noopener noreferrer" className={buttonStyle("secondary", "md", "max-w-full")}>
                    <span className="truncate">{t("place.there", { place: outside.place })}</span>
                    <ExternalLink aria-hidden className="size-4 shrink-0" />
                  </a>
                )}
                {path && !lost && <LinkButton href={`/${org}${path}`}>{t("place.open")}</LinkButton>}
              </>
            )
          )
        }
      >
        {receipt.sentence}
      </PageHeader>
      <div className="flex max-w-3xl flex-col gap-4">
        <Card id="rule" title={t("rulesTitle")}>
          <p>{t(`rules.${type}`)}</p>
          <p className="mt-1 text-sm text-ink-muted">
            {t("kind", { category: names(`${category}.name`) })}
            {workspace && <> · {t("workspace", { name: workspace })}</>}
          </p>
          <dl className="mt-3 grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1 text-sm">
            <dt className="text-ink-muted">{t("happened")}</dt>
            <dd>
              <time dateTime={occurredAt.toISOString()}>{formats.exact(occurredAt)}</time>
            </dd>
            <dt className="text-ink-muted">{t("decided")}</dt>
            <dd>
              <time dateTime={decidedAt.toISOString()}>{formats.exact(decidedAt)}</time>
            </dd>
          </dl>
          {receipt.why && <p className="mt-3 text-sm">{receipt.why}</p>}
          {lost && <p className="mt-3 text-sm text-ink-muted">{t("lostArticle")}</p>}
          {receipt.underNewer && <p className="mt-3 text-sm text-ink-muted">{t("inThread")}</p>}
        </Card>
        {receipt.channels.map((channel) => (
          <ReceiptChannel
            key={channel.channel}
            channel={channel}
            organization={org}
            viewer={member}
            lead={
              channel.channel !== "inbox"
                ? undefined
                : !receipt.shown
                  ? t("inbox.hidden")
                  : snoozedUntil
                    ? t("inbox.snoozed", { when: formats.dayTime(snoozedUntil) })
                    : readAt
                      ? t("inbox.read", { when: formats.dayTime(readAt) })
                      : t("inbox.unread")
            }
          />
        ))}
        {thread && (
          <Card id="thread" title={t(isArticle ? "thread.article.title" : "thread.title")}>
            <p className="text-sm">{t(`thread.${isArticle ? "article." : ""}${thread.muted ? "muted" : "open"}`)}</p>
            <Form action={muteThreadAction.bind(null, org)} className="mt-3">
              <input type="hidden" name="thread" value={thread.name} />
              <Button type="submit" size="sm" name="muted" value={String(!thread.muted)} className="w-fit">
                {thread.muted ? <Bell aria-hidden className="size-4" /> : <BellOff aria-hidden className="size-4" />}
                {t(thread.muted ? "thread.unmute" : "thread.mute")}
              </Button>
            </Form>
          </Card>
        )}
      </div>
    </ClientMessages>
  );
}
