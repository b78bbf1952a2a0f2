import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { BeginForm } from "@/components/auth/begin-form";
import { SignOutForm } from "@/components/auth/sign-out-form";
import { PlainPage } from "@/components/ui/plain-page";
import { currentSession } from "@/lib/platform/auth/session";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("auth.begin"))("title") };
}

export default async function BeginPage() {
  const session = await currentSession();
  if (!session) redirect("/sign-in?callbackUrl=/begin");
  const t = await getTranslations("auth.begin");
  return (
    <PlainPage title={t("title")}>
      <p className="mb-6 text-ink-muted">{t("lead")}</p>
      <BeginForm asksName={!session.user.name} />
      <p className="mt-8 text-sm text-ink-muted">{t("invited")}</p>
      <div className="mt-4 flex flex-wrap items-center gap-x-3 border-t border-line pt-4 text-sm text-ink-muted">
        <span className="break-all">{t("signedInAs", { email: session.user.email })}</span>
        <SignOutForm />
      </div>
    </PlainPage>
  );
}
