import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import { TemplateForm } from "@/components/templates/template-form";
import { pageMember } from "@/lib/organizations/actor";
import { templateCategories } from "@/lib/notifications/custom-templates/inputs";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("templates.form"))("newTitle") };
}

export default async function NewTemplatePage({ params }: { params: Promise<{ org: string }> }) {
  const { org } = await params;
  await pageMember(org, `/${org}/settings/templates/new`);
  return <TemplateForm organization={org} template={null} categories={templateCategories} initial={null} />;
}
