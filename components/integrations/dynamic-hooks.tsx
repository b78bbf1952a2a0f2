import { getTranslations } from "next-intl/server";
import { ConfirmedForm } from "@/components/settings/confirmed-form";
import { formatsFor, type Viewer } from "@/lib/platform/i18n/formats";
import { enterHookAction } from "@/lib/integrations/connections/actions";
import type { Connection } from "@/lib/integrations/connections/queries";
import type { HookRegistration } from "@/lib/integrations/hooks/queries";
import { RegisterForm } from "./register-form";

interface Props {
  organization: string;
  connection: Connection;
  registrations: HookRegistration[];
  viewer: Viewer;
}

/** The webhook that the product registers itself: an offer, or what stands at the site and until when. */
export async function DynamicHooks({ organization, connection, registrations, viewer }: Props) {
  const t = await getTranslations("integrations.dynamic");
  const formats = formatsFor(viewer);
  const active = connection.hookKind === "dynamic";
  return (
    <div className="flex flex-col gap-4 text-sm">
      <p className={active ? "font-medium text-positive" : "text-ink-muted"}>{t(active ? "active" : "lead")}</p>
      {active &&
        registrations.map(({ externalId, events, filter, expiresAt }) => (
          <dl key={externalId} className="grid gap-x-4 gap-y-1 sm:grid-cols-[auto_1fr]">
            <dt className="text-ink-muted">{t("events")}</dt>
            <dd className="break-words">{events.join(", ")}</dd>
            <dt className="text-ink-muted">{t("filter")}</dt>
            <dd>
              <code className="break-all">{filter}</code>
            </dd>
            <dd className="text-ink-muted sm:col-span-2">{t("until", { when: formats.exact(expiresAt) })}</dd>
          </dl>
        ))}
      <RegisterForm organization={organization} connectionId={connection.id} filter={active ? (registrations[0]?.filter ?? "") : null} />
      <p className="text-xs text-ink-muted">
        {t("limits")} {!active && t("afterwards")}
      </p>
      {active && (
        <div className="self-start">
          <ConfirmedForm action={enterHookAction.bind(null, organization)} values={{ connectionId: connection.id }} question={t("byHandQuestion")} aria-label={t("byHand")}>
            {t("byHand")}
          </ConfirmedForm>
        </div>
      )}
    </div>
  );
}
