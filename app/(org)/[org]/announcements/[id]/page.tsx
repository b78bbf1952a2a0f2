import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { Moment } from "@/components/settings/moment";
import { Card } from "@/components/ui/card";
import { buttonStyle } from "@/components/ui/button-style";
import { PageHeader } from "@/components/ui/page-header";
import { Refused } from "@/lib/platform/errors";
import { pageMember, type Member } from "@/lib/organizations/actor";
import { announcement, type Announcement } from "@/lib/notifications/publications/queries";

interface Props {
  params: Promise<{ org: string; id: string }>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { org, id } = await params;
  return { title: (await found(await pageMember(org, `/${org}/announcements/${id}`), id)).words.subject };
}

/** Where mail, push and inbox lead: what was announced, for those it was announced to. */
export default async function AnnouncementPage({ params }: Props) {
  const { org, id } = await params;
  const member = await pageMember(org, `/${org}/announcements/${id}`);
  const [t, { words, publishedByName, startedAt }] = await Promise.all([getTranslations("templates.announcements.page"), found(member, id)]);
  return (
    <article className="max-w-2xl">
      <PageHeader title={words.subject} back={{ href: `/${org}/inbox`, label: t("back") }}>
        {t.rich("by", { name: publishedByName, when: () => <Moment at={startedAt} viewer={member} /> })}
      </PageHeader>
      <Card>
        <div className="flex flex-col gap-4">
          {words.body.split(/\n{2,}/).map((paragraph, index) => (
            <p key={index} className="break-words whitespace-pre-wrap">
              {paragraph}
            </p>
          ))}
          {words.button && (
            <p>
              <a href={words.button.url} rel="noopener noreferrer" className={buttonStyle("primary", "md", "max-w-full whitespace-normal")}>
                {words.button.label}
              </a>
            </p>
          )}
        </div>
      </Card>
    </article>
  );
}

async function found(member: Member, id: string): Promise<Announcement> {
  try {
    return await announcement(member, id);
  } catch (error) {
    if (error instanceof Refused && error.code === "NOT_FOUND") notFound();
    throw error;
  }
}
