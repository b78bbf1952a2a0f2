import type { Metadata } from "next";
import Link from "next/link";
import { notFound } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { TemplateForm } from "@/components/templates/template-form";
import { TemplatePreview } from "@/components/templates/template-preview";
import { TestForm } from "@/components/templates/test-form";
import { SmallForm } from "@/components/settings/small-form";
import { Card } from "@/components/ui/card";
import { LinkButton } from "@/components/ui/link-button";
import { Notice } from "@/components/ui/notice";
import { Refused } from "@/lib/platform/errors";
import { locales, toLocale } from "@/lib/platform/i18n/locales";
import { queryText, type PageQuery } from "@/lib/platform/query-text";
import { pageMember, type Member } from "@/lib/organizations/actor";
import { archiveTemplateAction } from "@/lib/notifications/custom-templates/actions";
import { templateCategories } from "@/lib/notifications/custom-templates/inputs";
import { previewWords, templateDetails, type CustomTemplate } from "@/lib/notifications/custom-templates/queries";

interface Props {
  params: Promise<{ org: string; id: string }>;
  searchParams: PageQuery;
}

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("templates.form"))("editTitle") };
}

export default async function TemplatePage({ params, searchParams }: Props) {
  const { org, id } = await params;
  const member = await pageMember(org, `/${org}/settings/templates/${id}`);
  const template = await found(member, id);
  const [t, preview, saved] = await Promise.all([getTranslations("templates"), previewWords(member, template, {}), queryText(searchParams, "saved")]);
  const { name, key, variables, content, version } = template;
  // Only what the input allows was stored.
  const category = template.category as (typeof templateCategories)[number];
  return (
    <div className="flex flex-col gap-6">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <Link href={`/${org}/settings/templates`} className="inline-flex min-h-8 items-center text-sm text-accent-ink underline underline-offset-2">
          {t("back")}
        </Link>
        {!template.archivedAt && (
          <LinkButton href={`/${org}/settings/announcements/new?template=${key}`} size="sm" aria-label={t("announceNamed", { name })}>
            {t("announce")}
          </LinkButton>
        )}
      </div>
      {saved && (
        <Notice tone="positive" role="status">
          {t("form.saved")}
        </Notice>
      )}
      {template.archivedAt ? (
        <>
          <Notice tone="caution" title={name}>
            <p>{t("archivedNotice")}</p>
            <div className="mt-2">
              <SmallForm action={archiveTemplateAction.bind(null, org, false)} values={{ templateId: template.id }} aria-label={t("restoreNamed", { name })}>
                {t("restore")}
              </SmallForm>
            </div>
          </Notice>
          <Card id="preview" title={t("preview.title")}>
            <TemplatePreview previews={preview} />
          </Card>
        </>
      ) : (
        <>
          <TemplateForm organization={org} template={{ id: template.id, version, name, key, category, variables, content }} categories={templateCategories} initial={preview} />
          <Card id="test" title={t("test.title")}>
            <TestForm organization={org} templateId={template.id} languages={locales.filter((locale) => content[locale])} chosen={toLocale(member.locale)} />
          </Card>
        </>
      )}
    </div>
  );
}

async function found(member: Member, id: string): Promise<CustomTemplate> {
  try {
    return await templateDetails(member, id);
  } catch (error) {
    if (error instanceof Refused && error.code === "NOT_FOUND") notFound();
    throw error;
  }
}
