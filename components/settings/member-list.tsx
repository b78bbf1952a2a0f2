import { getTranslations } from "next-intl/server";
import { Avatar } from "@/components/ui/avatar";
import { Badge } from "@/components/ui/badge";
import type { Viewer } from "@/lib/platform/i18n/formats";
import { removeMemberAction } from "@/lib/organizations/membership/actions";
import type { MemberRow } from "@/lib/organizations/queries";
import { ConfirmedForm } from "./confirmed-form";
import { Moment } from "./moment";
import { RoleForm } from "./role-form";

interface Props {
  organization: string;
  rows: MemberRow[];
  viewer: Viewer;
}

/** One's own row offers no removal: leaving is on the page of the organization, with its own words. */
export async function MemberList({ organization, rows, viewer }: Props) {
  const t = await getTranslations("organizations");
  return (
    <ul className="divide-y divide-line">
      {rows.map((row) => (
        <li key={row.id} className="flex flex-wrap items-start gap-x-4 gap-y-2 px-4 py-3">
          <Avatar name={row.name} id={row.id} size="lg" />
          <div className="min-w-0 flex-1 basis-48">
            <p className="flex flex-wrap items-center gap-2 font-medium">
              {row.name}
              {row.isYou && <Badge>{t("members.you")}</Badge>}
            </p>
            <p className="text-sm break-all text-ink-muted">{row.email}</p>
            <p className="text-sm text-ink-muted">
              {t.rich("members.joined", { when: () => <Moment at={row.joinedAt} viewer={viewer} /> })}
            </p>
          </div>
          <div className="flex flex-col items-end gap-1">
            {row.grantableRoles.length > 0 ? (
              <RoleForm organization={organization} member={row} roles={row.grantableRoles} />
            ) : (
              <Badge tone={row.role === "member" ? "neutral" : "accent"}>{t(`roles.${row.role}`)}</Badge>
            )}
            {row.mayRemove && !row.isYou && (
              <ConfirmedForm
                action={removeMemberAction.bind(null, organization)}
                values={{ memberId: row.id }}
                question={t("members.removeText", { name: row.name })}
                aria-label={t("members.removeNamed", { name: row.name })}
              >
                {t("members.remove")}
              </ConfirmedForm>
            )}
          </div>
        </li>
      ))}
    </ul>
  );
}
