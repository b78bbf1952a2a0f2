import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { DeviceList } from "@/components/preferences/device-list";
import { DigestForm } from "@/components/preferences/digest-form";
import { NotificationViews } from "@/components/preferences/notification-views";
import { NowPanel } from "@/components/preferences/now-panel";
import { PreferenceGrid } from "@/components/preferences/preference-grid";
import { PushDevice } from "@/components/preferences/push-device";
import { QuietHoursForm } from "@/components/preferences/quiet-hours-form";
import { TopicList, type ListedTopic } from "@/components/preferences/topic-list";
import { quietDays, weekdayNames } from "@/components/preferences/weekdays";
import { WorkspaceChoice } from "@/components/preferences/workspace-choice";
import { Card } from "@/components/ui/card";
import { clock } from "@/lib/platform/clock";
import { ClientMessages } from "@/lib/platform/i18n/client-messages";
import { formatsFor, wallClockIn } from "@/lib/platform/i18n/formats";
import { pushSettings } from "@/lib/platform/push";
import { topicNames } from "@/lib/feed/news/queries";
import { myDevices, thisDeviceId } from "@/lib/notifications/devices/queries";
import { setPreferenceAction, setScheduleAction } from "@/lib/notifications/preferences/actions";
import { preferenceGrid, preferencePlaces, schedule } from "@/lib/notifications/preferences/queries";
import { myTopics } from "@/lib/notifications/topics/queries";
import { pageMember, type Member } from "@/lib/organizations/actor";
import { settingsAccess } from "@/lib/organizations/queries";

interface Props {
  params: Promise<{ org: string }>;
  searchParams: Promise<{ workspace?: string }>;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("preferences"))("title") };
}

export default async function NotificationsPage({ params, searchParams }: Props) {
  const [{ org }, { workspace }] = await Promise.all([params, searchParams]);
  const home = `/${org}/settings/notifications`;
  const member = await pageMember(org, workspace ? `${home}?workspace=${encodeURIComponent(workspace)}` : home);
  const [t, workspaces, mine, devices, askingDevice, topics] = await Promise.all([
    getTranslations("preferences"),
    preferencePlaces(member),
    schedule(member),
    myDevices(member),
    thisDeviceId(),
    topicsOf(member, org),
  ]);
  const here = workspaces.find(({ id }) => id === workspace) ?? null;
  if (workspace && !here) notFound();
  const rows = await preferenceGrid(member, here?.id ?? null);
  const now = clock.now();
  const zone = formatsFor(member).zone(member.timeZone, now);
  const push = pushSettings();
  const thisDevice = devices.find(({ id }) => id === askingDevice)?.id ?? null;
  return (
    <ClientMessages namespaces={["settings", "preferences"]}>
      <div className="flex flex-col gap-6">
        <div className="flex flex-wrap items-center justify-between gap-3">
          <p className="min-w-0 flex-1 basis-64 text-sm text-ink-muted">{t("lead", { organization: member.organizationName })}</p>
          {settingsAccess(member).manages && <NotificationViews organization={org} current="mine" />}
        </div>
        <NowPanel organization={org} now={mine} viewer={member} />
        <Card
          id="choices"
          title={t("grid.title")}
          flush
          aside={workspaces.length > 1 && <WorkspaceChoice href={home} workspaces={workspaces} current={here?.id ?? null} />}
        >
          <p className="px-4 pt-3 pb-1 text-sm text-ink-muted">
            {here ? t("grid.workspaceLead", { workspace: here.name }) : <span className="no-js:hidden">{t("grid.lead")}</span>}
            {!here && <span className="hidden no-js:inline">{t("grid.leadPlain")}</span>}
            {devices.length === 0 && push && (
              <> {t.rich("grid.noDevice", { turnOn: (words) => <a href="#devices" className="link">{words}</a> })}</>
            )}
          </p>
          <PreferenceGrid
            key={here?.id ?? "everywhere"}
            rows={rows}
            action={setPreferenceAction.bind(null, org)}
            level={here ? "workspace" : "mine"}
            workspaceId={here?.id}
          />
        </Card>
        <Card id="topics" title={t("topics.title")} flush>
          <p className="px-4 py-3 text-sm text-pretty text-ink-muted">{t("topics.lead")}</p>
          <TopicList organization={org} topics={topics} />
        </Card>
        <Card id="quiet-hours" title={t("quiet.title")}>
          <p className="mb-4 text-sm text-pretty text-ink-muted">
            {t("quiet.lead", { zone })}{" "}
            <Link href={`/${org}/settings/profile`} className="link">
              {t("quiet.changeZone")}
            </Link>
          </p>
          <QuietHoursForm action={setScheduleAction.bind(null, org)} days={quietDays(mine.quietHours, member)} viewer={viewerOf(member)} />
        </Card>
        <Card id="digests" title={t("digest.title")}>
          <p className="mb-5 text-sm text-pretty text-ink-muted">{t("digest.lead")}</p>
          <DigestForm
            action={setScheduleAction.bind(null, org)}
            digestTime={mine.digestTime}
            digestWeekday={mine.digestWeekday}
            pushDetails={mine.pushDetails}
            weekdays={weekdayNames(member).map(({ weekday, name }) => ({ value: weekday, label: name }))}
            zone={zone}
          />
        </Card>
        <Card id="devices" title={t("devices.title")} flush>
          <p className="px-4 pt-3 text-sm text-pretty text-ink-muted">{t("devices.lead")}</p>
          <div className="p-4">
            {push ? (
              <PushDevice
                organization={org}
                personId={member.userId}
                today={wallClockIn("UTC", now).date}
                publicKey={push.publicKey}
                deviceId={thisDevice}
              />
            ) : (
              <p className="text-sm text-ink-muted">{t("push.notOffered")}</p>
            )}
          </div>
          <DeviceList
            organization={{ id: member.organizationId, slug: org }}
            devices={devices}
            thisDevice={thisDevice}
            workspaces={workspaces}
            viewer={member}
          />
        </Card>
      </div>
    </ClientMessages>
  );
}

/** What they chose is theirs to take back, also where they may not read it any more; only its name is then not theirs. */
async function topicsOf(member: Member, org: string): Promise<ListedTopic[]> {
  const [t, chosen] = await Promise.all([getTranslations("preferences.topics.feed"), myTopics(member)]);
  const names = await topicNames(member, chosen.map(({ topic }) => topic));
  return chosen.map(({ topic, kind, choice }) => {
    const known = names.get(topic);
    if (!known) return { topic, kind, choice, name: null, href: null };
    if (known.kind === "article") return { topic, kind, choice, name: known.title, href: `/${org}/articles/${topic}` };
    const { name, workspaceName: workspace, workspaceSlug, slug } = known;
    const href = `/${org}/w/${workspaceSlug}${name === null ? "" : `?feed=${encodeURIComponent(slug)}`}`;
    return { topic, kind, choice, name: name === null ? t("first", { workspace }) : t("named", { feed: name, workspace }), href };
  });
}

/** What reaches the browser of the person is how they read time, and nothing else of them. */
const viewerOf = ({ locale, timeZone, hourCycle, weekStart }: Awaited<ReturnType<typeof pageMember>>) => ({ locale, timeZone, hourCycle, weekStart });
