import { clsx } from "clsx";
import { CheckCheck } from "lucide-react";
import type { Metadata } from "next";
import Link from "next/link";
import { getTranslations } from "next-intl/server";
import { EmptyState } from "@/components/ui/empty-state";
import { LinkButton } from "@/components/ui/link-button";
import { PageHeader } from "@/components/ui/page-header";
import { Segments } from "@/components/ui/tabs";
import { formatsFor } from "@/lib/platform/i18n/formats";
import { isId } from "@/lib/platform/ids";
import { clock } from "@/lib/platform/clock";
import { keptOut, type KeptOut } from "@/lib/notifications/receipts/queries";
import { pageMember } from "@/lib/organizations/actor";

interface Props {
  params: Promise<{ org: string }>;
  searchParams: Promise<{ from?: string; before?: string }>;
}

const rowsOnPage = 20;

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("receipts"))("keptOut.title") };
}

/** Where somebody looks who misses something. */
export default async function KeptOutPage({ params, searchParams }: Props) {
  const [{ org }, query] = await Promise.all([params, searchParams]);
  const member = await pageMember(org, `/${org}/inbox/kept-out`);
  const from = query.from === "channels" ? "channels" : "inbox";
  const cursor = isId("receiver", query.before) ? query.before : undefined;
  const [t, { items, nextCursor }] = await Promise.all([getTranslations("receipts"), keptOut(member, { from, cursor, limit: rowsOnPage })]);
  const formats = formatsFor(member);
  const now = clock.now();
  const here = (more: Record<string, string>) => `/${org}/inbox/kept-out?${new URLSearchParams({ from, ...more })}`;
  const wordsOf = ({ left, failed }: KeptOut) => [
    ...left.map(({ channel, decision }) => ({
      tone: "neutral" as const,
      text: t("keptOut.without", { channel: t(`channels.${channel}`), why: decision.verdict === "skip" ? t(`skip.${decision.why}`) : "" }),
    })),
    ...failed.map((channel) => ({ tone: "danger" as const, text: t("keptOut.failed", { channel: t(`channels.${channel}`) }) })),
  ];
  return (
    <>
      <PageHeader
        back={{ href: `/${org}/inbox`, label: t("keptOut.back") }}
        title={t("keptOut.title")}
        actions={
          <Segments
            label={t("keptOut.from")}
            tabs={(["inbox", "channels"] as const).map((name) => ({ href: `/${org}/inbox/kept-out?from=${name}`, label: t(`keptOut.${name}`), current: name === from }))}
          />
        }
      >
        {t("keptOut.lead")}
      </PageHeader>
      <p className="mb-3 text-sm text-ink-muted">
        {t(`keptOut.${from}Text`)}{" "}
        {from === "channels" && (
          <Link href={`/${org}/settings/notifications#devices`} className="link">
            {t("keptOut.devices")}
          </Link>
        )}
      </p>
      <div className="rounded-xl border border-line bg-surface">
        {items.length === 0 ? (
          <EmptyState icon={CheckCheck} title={t(`keptOut.empty.${from}.title`)}>
            {t(`keptOut.empty.${from}.text`)}
          </EmptyState>
        ) : (
          <ul className="divide-y divide-line">
            {items.map((item) => (
              <li key={item.id} className="relative px-4 py-3.5 first:rounded-t-xl last:rounded-b-xl hover:bg-hover sm:px-5">
                <Link href={`/${org}/inbox/${item.id}`} className="rounded-sm font-medium break-words after:absolute after:inset-0">
                  {item.sentence}
                </Link>
                <p className="mt-1 flex flex-wrap items-center gap-2 text-sm text-ink-muted">
                  <time dateTime={item.occurredAt.toISOString()} title={formats.exact(item.occurredAt)}>
                    {formats.relative(item.occurredAt, now)}
                  </time>
                  {wordsOf(item).map(({ tone, text }) => (
                    <span key={text} className={clsx("rounded-md px-1.5 py-0.5 text-xs", tone === "danger" ? "bg-danger-soft text-danger" : "bg-hover")}>
                      {text}
                    </span>
                  ))}
                </p>
              </li>
            ))}
          </ul>
        )}
      </div>
      {(cursor || nextCursor) && (
        <nav aria-label={t("keptOut.title")} className="mt-4 flex flex-wrap justify-between gap-2">
          {cursor ? <LinkButton href={here({})}>{t("keptOut.newest")}</LinkButton> : <span />}
          {nextCursor && <LinkButton href={here({ before: nextCursor })}>{t("keptOut.more")}</LinkButton>}
        </nav>
      )}
    </>
  );
}
