import { FileText } from "lucide-react";
import type { Metadata } from "next";
import Link from "next/link";
import { getTranslations } from "next-intl/server";
import { ConfirmedForm } from "@/components/settings/confirmed-form";
import { Moment } from "@/components/settings/moment";
import { SmallForm } from "@/components/settings/small-form";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { LinkButton } from "@/components/ui/link-button";
import { pageMember, type Member } from "@/lib/organizations/actor";
import { archiveTemplateAction } from "@/lib/notifications/custom-templates/actions";
import { listTemplates, type CustomTemplate } from "@/lib/notifications/custom-templates/queries";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("templates"))("title") };
}

export default async function TemplatesPage({ params }: { params: Promise<{ org: string }> }) {
  const { org } = await params;
  const member = await pageMember(org, `/${org}/settings/templates`);
  const t = await getTranslations("templates");
  const [templates, archived] = await Promise.all([listTemplates(member), listTemplates(member, { archived: true })]);
  const write = (
    <LinkButton href={`/${org}/settings/templates/new`} variant="primary" size="sm">
      {t("new")}
    </LinkButton>
  );
  return (
    <div className="flex flex-col gap-6">
      <Card id="templates" title={t("title")} aside={templates.length > 0 && write} flush>
        {templates.length === 0 ? (
          <EmptyState icon={FileText} title={t("emptyTitle")} action={write}>
            {t("empty")}
          </EmptyState>
        ) : (
          <>
            <p className="px-4 py-3 text-sm text-ink-muted">{t("lead")}</p>
            <ul className="divide-y divide-line border-t border-line">
              {templates.map((template) => (
                <Row key={template.id} template={template} member={member} />
              ))}
            </ul>
          </>
        )}
      </Card>
      {archived.length > 0 && (
        <Card id="archived" title={t("archivedTitle")} flush>
          <ul className="divide-y divide-line">
            {archived.map((template) => (
              <Row key={template.id} template={template} member={member} />
            ))}
          </ul>
        </Card>
      )}
    </div>
  );
}

async function Row({ template, member }: { template: CustomTemplate; member: Member }) {
  const t = await getTranslations("templates");
  const org = member.organizationSlug;
  const { id, name, key, content, archivedAt, updatedAt } = template;
  return (
    <li className="flex flex-wrap items-start gap-x-4 gap-y-2 px-4 py-3">
      <div className="min-w-0 flex-1 basis-56">
        <p className="font-medium break-words">
          <Link href={`/${org}/settings/templates/${id}`} className="hover:underline">
            {name}
          </Link>{" "}
          <code className="text-xs font-normal text-ink-muted">{key}</code>
        </p>
        <p className="text-sm break-words text-ink-muted">{content.en.subject}</p>
        <p className="text-sm text-ink-muted">{t.rich("changed", { when: () => <Moment at={updatedAt} viewer={member} /> })}</p>
      </div>
      <div className="flex flex-wrap items-start gap-2">
        {archivedAt ? (
          <SmallForm action={archiveTemplateAction.bind(null, org, false)} values={{ templateId: id }} aria-label={t("restoreNamed", { name })}>
            {t("restore")}
          </SmallForm>
        ) : (
          <>
            <LinkButton href={`/${org}/settings/announcements/new?template=${key}`} size="sm" aria-label={t("announceNamed", { name })}>
              {t("announce")}
            </LinkButton>
            <ConfirmedForm action={archiveTemplateAction.bind(null, org, true)} values={{ templateId: id }} question={t("archiveConfirm")} aria-label={t("archiveNamed", { name })}>
              {t("archive")}
            </ConfirmedForm>
          </>
        )}
      </div>
    </li>
  );
}
