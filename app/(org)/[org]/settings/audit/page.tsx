import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { Moment } from "@/components/settings/moment";
import { Card } from "@/components/ui/card";
import { LinkButton } from "@/components/ui/link-button";
import { Cell, HeadCell, Table } from "@/components/ui/table";
import { queryText, type PageQuery } from "@/lib/platform/query-text";
import { pageMember } from "@/lib/organizations/actor";
import { auditLog, settingsAccess, type AuditEntry } from "@/lib/organizations/queries";

interface Props {
  params: Promise<{ org: string }>;
  searchParams: PageQuery;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("organizations.audit"))("title") };
}

export default async function AuditPage({ params, searchParams }: Props) {
  const { org } = await params;
  const member = await pageMember(org, `/${org}/settings/audit`);
  if (!settingsAccess(member).manages) notFound();
  const cursor = await queryText(searchParams, "before");
  const [t, sentence, { entries, nextCursor }] = await Promise.all([
    getTranslations("organizations.audit"),
    auditSentences(),
    auditLog(member, cursor),
  ]);
  const here = `/${org}/settings/audit`;
  return (
    <Card id="audit" title={t("title")} flush>
      <p className="px-4 py-3 text-sm text-ink-muted">{t("lead")}</p>
      <Table
        caption={t("title")}
        head={
          <>
            <HeadCell>{t("who")}</HeadCell>
            <HeadCell>{t("what")}</HeadCell>
            <HeadCell>{t("when")}</HeadCell>
          </>
        }
      >
        {entries.map((entry) => (
          <tr key={entry.id}>
            <Cell className="font-medium whitespace-nowrap">{entry.actorName}</Cell>
            <Cell className="min-w-56">{sentence(entry)}</Cell>
            <Cell className="whitespace-nowrap text-ink-muted">
              <Moment at={entry.createdAt} viewer={member} />
            </Cell>
          </tr>
        ))}
      </Table>
      {(cursor || nextCursor) && (
        <div className="flex gap-3 border-t border-line p-4">
          {cursor && <LinkButton href={here}>{t("newest")}</LinkButton>}
          {nextCursor && <LinkButton href={`${here}?before=${nextCursor}`}>{t("older")}</LinkButton>}
        </div>
      )}
    </Card>
  );
}

/** What happened, in words; roles in the details are named in the reader's language. */
async function auditSentences(): Promise<(entry: AuditEntry) => string> {
  const t = await getTranslations("organizations");
  const role = (value: unknown) => (t.has(`roles.${value as "owner"}`) ? t(`roles.${value as "owner"}`) : String(value));
  return ({ action, subject, detail }) => {
    // Message keys cannot hold dots.
    const key = `audit.actions.${action.replace(".", "·") as "other"}` as const;
    const words = (name: string) => String(detail[name] ?? "");
    const values = { action, subject, previousName: words("previousName"), from: role(detail.from), to: role(detail.to), channel: words("channel"), value: words("value") };
    return t.has(key) ? t(key, values) : t("audit.actions.other", values);
  };
}
