import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import { getTranslations } from "next-intl/server";
import type { ReactNode } from "react";
import { PublicationState } from "@/components/announcements/publication-state";
import { RefreshWhile } from "@/components/announcements/refresh-while";
import { ConfirmedForm } from "@/components/settings/confirmed-form";
import { Moment } from "@/components/settings/moment";
import { Card } from "@/components/ui/card";
import { Cell, HeadCell, Table } from "@/components/ui/table";
import { clock } from "@/lib/platform/clock";
import { Refused } from "@/lib/platform/errors";
import { formatsFor } from "@/lib/platform/i18n/formats";
import { toLocale } from "@/lib/platform/i18n/locales";
import { pageMember, type Member } from "@/lib/organizations/actor";
import { organizationWorkspaces } from "@/lib/organizations/queries";
import { cancelPublicationAction } from "@/lib/notifications/publications/actions";
import { publicationProgress, type PublicationProgress } from "@/lib/notifications/publications/queries";

interface Props {
  params: Promise<{ org: string; id: string }>;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("templates.announcements"))("title") };
}

export default async function AnnouncementProgressPage({ params }: Props) {
  const { org, id } = await params;
  const member = await pageMember(org, `/${org}/settings/announcements/${id}`);
  const publication = await found(member, id);
  const t = await getTranslations("templates.announcements");
  const { state, words, requestedByName, createdAt, sendAt } = publication;
  // What goes out next month is not waited for.
  const underWay = state === "sending" || (state === "scheduled" && sendAt.getTime() - clock.nowMs() < soonMs);
  return (
    <div className="flex flex-col gap-6">
      {underWay && <RefreshWhile />}
      <div>
        <Link href={`/${org}/settings/announcements`} className="inline-flex min-h-8 items-center text-sm text-accent-ink underline underline-offset-2">
          {t("back")}
        </Link>
        <div className="mt-1 flex flex-wrap items-start justify-between gap-3">
          <div className="min-w-0 flex-1 basis-64">
            <h2 className="text-lg font-semibold break-words">{(words[toLocale(member.locale)] ?? words.en).subject}</h2>
            <p className="mt-1 flex flex-wrap items-center gap-2 text-sm text-ink-muted">
              <PublicationState state={state} />
              <span>{t.rich("by", { name: requestedByName, when: () => <Moment at={createdAt} viewer={member} /> })}</span>
              {state === "scheduled" && <span>{t.rich("scheduledFor", { when: () => <Moment at={sendAt} viewer={member} /> })}</span>}
            </p>
          </div>
          {state === "scheduled" && (
            <ConfirmedForm
              action={cancelPublicationAction.bind(null, org)}
              values={{ publicationId: id }}
              question={t("progress.cancelConfirm")}
              aria-label={t("progress.cancelNamed")}
            >
              {t("progress.cancel")}
            </ConfirmedForm>
          )}
        </div>
      </div>
      <Arrival publication={publication} organization={org} underWay={underWay} />
      <Request publication={publication} member={member} />
    </div>
  );
}

const soonMs = 10 * 60_000;
const channels = ["email", "push", "realtime"] as const;
const preferenceChannels = ["inbox", "email", "push"] as const;
const states = ["sent", "sending", "pending", "held", "merged", "skipped", "failed"] as const;
const reasons = ["off", "muted", "thread-muted", "no-device", "no-address", "bounce", "complaint", "too-late"] as const;
const isReason = (why: string): why is (typeof reasons)[number] => reasons.some((reason) => reason === why);

async function Arrival({ publication, organization, underWay }: { publication: PublicationProgress; organization: string; underWay: boolean }) {
  const t = await getTranslations("templates.announcements");
  const { inbox, channelStates, leftOut, startedAt, id } = publication;
  const used = channels.filter((channel) => channelStates[channel]);
  const out = preferenceChannels.flatMap((channel) => Object.entries(leftOut[channel] ?? {}).map(([why, count]) => ({ channel, why, count })));
  return (
    <Card
      id="progress"
      title={t("progress.title")}
      aside={
        startedAt && (
          <Link href={`/${organization}/announcements/${id}`} className="inline-flex min-h-8 items-center text-sm text-accent-ink underline underline-offset-2">
            {t("progress.read")}
          </Link>
        )
      }
      flush
    >
      {used.length === 0 && inbox.told === 0 ? (
        <p className="px-4 py-4 text-sm text-ink-muted">{t("progress.nothing")}</p>
      ) : (
        <>
          <p className="px-4 py-3 text-sm">
            <span className="font-medium">{t("progress.inbox")}</span> <span className="text-ink-muted">{t("progress.inboxLine", inbox)}</span>
          </p>
          {used.length > 0 && (
            <div className="border-t border-line">
              <Table
                caption={t("progress.title")}
                head={
                  <>
                    <HeadCell>{t("progress.channel")}</HeadCell>
                    {states.filter((state) => used.some((channel) => channelStates[channel]?.[state])).map((state) => (
                      <HeadCell key={state} className="text-right">
                        {t(`progress.deliveryStates.${state}`)}
                      </HeadCell>
                    ))}
                  </>
                }
              >
                {used.map((channel) => (
                  <tr key={channel}>
                    <th scope="row" className="px-4 py-2.5 text-left font-medium">
                      {t(`progress.channels.${channel}`)}
                    </th>
                    {states.filter((state) => used.some((other) => channelStates[other]?.[state])).map((state) => (
                      <Cell key={state} className="text-right tabular-nums">
                        {channelStates[channel]?.[state] ?? 0}
                      </Cell>
                    ))}
                  </tr>
                ))}
              </Table>
            </div>
          )}
          {out.length > 0 && (
            <div className="border-t border-line px-4 py-3 text-sm">
              <h3 className="font-medium">{t("progress.leftOut")}</h3>
              <ul className="mt-1 text-ink-muted">
                {out.map(({ channel, why, count }) => (
                  <li key={`${channel} ${why}`}>
                    {t(`form.channel.${channel}`)}: {t(`progress.reasons.${isReason(why) ? why : "other"}`)} ({count})
                  </li>
                ))}
              </ul>
            </div>
          )}
        </>
      )}
      {underWay && <p className="border-t border-line px-4 py-3 text-xs text-ink-muted">{t("progress.refresh")}</p>}
    </Card>
  );
}

async function Request({ publication, member }: { publication: PublicationProgress; member: Member }) {
  const [t, roleNames, workspaces] = await Promise.all([getTranslations("templates.announcements"), getTranslations("organizations.roles"), organizationWorkspaces(member)]);
  const { templateName, audience, sendAt, variables } = publication;
  const nameOf = (id: string) => workspaces.find((workspace) => workspace.id === id)?.name ?? id;
  const whom = [
    ...(audience.everyone ? [t("progress.everyone")] : []),
    ...(audience.workspaceIds ?? []).map(nameOf),
    ...(audience.roles ?? []).map((role) => roleNames(role)),
    ...(audience.memberIds ? [t("progress.memberCount", { count: audience.memberIds.length })] : []),
    ...(audience.emails ? [t("progress.addressCount", { count: audience.emails.length })] : []),
  ];
  const chosen = preferenceChannels.filter((channel) => publication.channels.some((one) => one === channel));
  const values = Object.entries(variables);
  return (
    <Card id="request" title={t("progress.details")}>
      <dl className="grid gap-x-6 gap-y-3 text-sm sm:grid-cols-[8rem_1fr]">
        <Fact label={t("progress.template")}>{templateName}</Fact>
        <Fact label={t("progress.audience")}>{whom.join(", ")}</Fact>
        <Fact label={t("progress.channelsAsked")}>{chosen.map((channel) => t(`form.channel.${channel}`)).join(", ")}</Fact>
        <Fact label={t("progress.time")}>{formatsFor(member).exact(sendAt)}</Fact>
        {values.length > 0 && (
          <Fact label={t("progress.values")}>
            {values.map(([name, value]) => (
              <span key={name} className="block break-words whitespace-pre-wrap">
                <code className="text-xs text-ink-muted">{`{{${name}}}`}</code> {value}
              </span>
            ))}
          </Fact>
        )}
      </dl>
    </Card>
  );
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-ink-muted">{label}</dt>
      <dd className="min-w-0 break-words">{children}</dd>
    </>
  );
}

async function found(member: Member, id: string): Promise<PublicationProgress> {
  try {
    return await publicationProgress(member, id);
  } catch (error) {
    if (error instanceof Refused && error.code === "NOT_FOUND") notFound();
    throw error;
  }
}
