import Link from "next/link";
import { getTranslations } from "next-intl/server";
import { ConfirmedForm } from "@/components/settings/confirmed-form";
import { Moment } from "@/components/settings/moment";
import { SmallForm } from "@/components/settings/small-form";
import { Badge } from "@/components/ui/badge";
import type { Member } from "@/lib/organizations/actor";
import { deleteSubscriptionAction, pauseSubscriptionAction } from "@/lib/integrations/subscriptions/wishes/actions";
import { filterLists } from "@/lib/integrations/subscriptions/choices/inputs";
import type { SubscriptionView } from "@/lib/integrations/subscriptions/wishes/queries";

/** One subscription as a sentence, with what can be done about it. */
export async function SubscriptionRow({ subscription, member }: { subscription: SubscriptionView; member: Member }) {
  const t = await getTranslations("subscriptions");
  const org = member.organizationSlug;
  const { id, name, pausedAt, connectionGone, mayChange, lastMatchedAt, ownerId, ownerName } = subscription;
  return (
    <li className="flex flex-wrap items-start gap-x-4 gap-y-2 px-4 py-3">
      <div className="min-w-0 flex-1 basis-56">
        <p className="flex flex-wrap items-center gap-2 font-medium">
          {mayChange ? (
            <Link href={`/${org}/settings/subscriptions/${id}`} className="min-w-0 break-words hover:underline">
              {name}
            </Link>
          ) : (
            <span className="min-w-0 break-words">{name}</span>
          )}
          {pausedAt && <Badge tone="caution">{t("row.paused")}</Badge>}
          {connectionGone && <Badge tone="danger">{t("row.gone")}</Badge>}
        </p>
        <p className="text-sm break-words text-ink-muted">{await sentence(subscription, member)}</p>
        <p className="text-sm text-ink-muted">
          {ownerId !== member.id && <>{t("row.by", { name: ownerName })} · </>}
          {lastMatchedAt ? t.rich("row.matched", { when: () => <Moment at={lastMatchedAt} viewer={member} /> }) : t("row.never")}
        </p>
      </div>
      {mayChange && (
        <div className="flex flex-wrap items-start gap-2">
          <SmallForm action={pauseSubscriptionAction.bind(null, org, !pausedAt)} values={{ subscriptionId: id }} aria-label={t(pausedAt ? "row.resumeNamed" : "row.pauseNamed", { name })}>
            {t(pausedAt ? "row.resume" : "row.pause")}
          </SmallForm>
          <ConfirmedForm action={deleteSubscriptionAction.bind(null, org)} values={{ subscriptionId: id }} question={t("row.deleteConfirm")} aria-label={t("row.deleteNamed", { name })}>
            {t("row.delete")}
          </ConfirmedForm>
        </div>
      )}
    </li>
  );
}

/** "Maru · 4 kinds of events · MOIM, Bug · to you" */
async function sentence({ connectionName, events, filter, ...subscription }: SubscriptionView, member: Member): Promise<string> {
  const t = await getTranslations("subscriptions");
  const spoken: Record<string, string> = { me: t("form.me"), none: t("form.nobody") };
  const restrictions = filterLists.flatMap((list) => filter[list].map((value) => (list === "assignees" ? (spoken[value] ?? value) : value)));
  const [event] = events;
  const key = event?.replaceAll(".", "-") ?? "";
  const one = events.length === 1 && t.has(`names.${key as "jira-issue-created"}`) ? t(`names.${key as "jira-issue-created"}`) : t("row.events", { count: events.length });
  return [connectionName ?? "Moim", events.length === 0 ? t("row.everything") : one, restrictions.join(", "), filter.text && `“${filter.text}”`, await reader(subscription, member)].filter(Boolean).join(" · ");
}

async function reader({ target, ownerId, ownerName, memberNames, workspaceName, endpointName }: Omit<SubscriptionView, "connectionName" | "events" | "filter">, member: Member): Promise<string> {
  const t = await getTranslations("subscriptions.row");
  switch (target) {
    case "me":
      return ownerId === member.id ? t("toMe") : t("toOwner", { name: ownerName });
    case "people":
      return t("toPeople", { names: new Intl.ListFormat(member.locale).format(memberNames) });
    case "workspace":
      return t("toWorkspace", { name: workspaceName ?? "" });
    case "endpoint":
      return t("toEndpoint", { name: endpointName ?? "" });
  }
}
