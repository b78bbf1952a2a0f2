import Link from "next/link";
import { getTranslations } from "next-intl/server";
import type { ReactNode } from "react";
import { ConfirmedForm } from "@/components/settings/confirmed-form";
import { SmallForm } from "@/components/settings/small-form";
import { buttonStyle } from "@/components/ui/button-style";
import { disconnectAction, pauseConnectionAction, resumeConnectionAction } from "@/lib/integrations/connections/actions";
import type { Connection } from "@/lib/integrations/connections/queries";

export const reconnectPath = (organization: string, connectionId: string) => `/oauth/jira/start?${new URLSearchParams({ organization, purpose: "reconnect", connection: connectionId })}`;

/** What can be done to the whole connection, the gravest last. */
export async function ManageConnection({ organization, connection }: { organization: string; connection: Connection }) {
  const t = await getTranslations("integrations.manage");
  const here = `/${organization}/settings/integrations/${connection.id}`;
  const values = { connectionId: connection.id };
  return (
    <ul className="divide-y divide-line text-sm">
      <Row hint={t("pauseHint")}>
        {connection.pausedAt ? (
          <SmallForm action={resumeConnectionAction.bind(null, organization)} values={values} aria-label={t("resume")}>
            {t("resume")}
          </SmallForm>
        ) : (
          <SmallForm action={pauseConnectionAction.bind(null, organization)} values={values} aria-label={t("pause")}>
            {t("pause")}
          </SmallForm>
        )}
      </Row>
      {connection.plugin === "jira" && (
        <>
          <Row hint={t("projectsHint")}>
            <Link href={`${here}/projects`} className={buttonStyle("secondary", "sm")}>
              {t("projects")}
            </Link>
          </Row>
          <Row hint={t("reconnectHint")}>
            {/* Leaves the application, so nothing may fetch it ahead. */}
            <a href={reconnectPath(organization, connection.id)} className={buttonStyle("secondary", "sm")}>
              {t("reconnect")}
            </a>
          </Row>
        </>
      )}
      <Row hint={t("disconnectHint")}>
        <ConfirmedForm action={disconnectAction.bind(null, organization)} values={values} question={t("disconnectQuestion")} aria-label={t("disconnectNamed", { name: connection.name })}>
          {t("disconnect")}
        </ConfirmedForm>
      </Row>
    </ul>
  );
}

const Row = ({ hint, children }: { hint: string; children: ReactNode }) => (
  <li className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 px-4 py-3">
    <p className="min-w-0 flex-1 basis-48 text-ink-muted">{hint}</p>
    {children}
  </li>
);
