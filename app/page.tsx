import { ChevronRight, Plus } from "lucide-react";
import Link from "next/link";
import { redirect } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { Avatar } from "@/components/ui/avatar";
import { LinkButton } from "@/components/ui/link-button";
import { PlainPage } from "@/components/ui/plain-page";
import { currentSession } from "@/lib/platform/auth/session";
import { myOrganizations } from "@/lib/organizations/queries";

/** Nobody stays here who has only one place to go. */
export default async function StartPage() {
  const session = await currentSession();
  if (!session) redirect("/sign-in");
  const organizations = await myOrganizations(session.user);
  const [first, ...others] = organizations;
  if (!first) redirect("/begin");
  if (others.length === 0) redirect(`/${first.slug}`);
  const t = await getTranslations("auth.choose");
  return (
    <PlainPage title={t("title")}>
      <ul className="mt-3 divide-y divide-line overflow-hidden rounded-xl border border-line bg-surface">
        {organizations.map(({ slug, name, role }) => (
          <li key={slug}>
            <Link href={`/${slug}`} className="flex min-h-14 items-center gap-3 px-4 py-2 hover:bg-hover">
              <Avatar name={name} id={slug} />
              <span className="min-w-0 flex-1 truncate font-medium">{name}</span>
              <span className="text-sm text-ink-muted">{t(`role.${role}`)}</span>
              <ChevronRight aria-hidden className="size-4 text-ink-faint" />
            </Link>
          </li>
        ))}
      </ul>
      <LinkButton href="/begin" className="mt-4">
        <Plus aria-hidden className="size-4" />
        {t("new")}
      </LinkButton>
    </PlainPage>
  );
}
