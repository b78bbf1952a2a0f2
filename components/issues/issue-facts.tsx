import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { When } from "@/components/ui/when";
import { formatsFor, type Viewer } from "@/lib/platform/i18n/formats";
import type { FullIssue } from "@/lib/integrations/plugins/jira/issues";
import { StatusBadge } from "./status-badge";

/** Who has it, since when, and the like. */
export function IssueFactList({ issue, viewer, now }: { issue: FullIssue; viewer: Viewer; now: Date }) {
  const t = useTranslations("issues");
  const formats = formatsFor(viewer);
  const { facts } = issue;
  const when = (at: string | null) => at && <When at={at} exact={formats.exact(at)}>{formats.relative(at, now)}</When>;
  const lines: [string, ReactNode][] = [
    [t("detail.status"), <StatusBadge key="status" status={facts.status} category={facts.statusCategory} />],
    [t("detail.assignee"), facts.assignee?.name ?? t("unassigned")],
    [t("detail.reporter"), facts.reporter?.name],
    [t("detail.priority"), facts.priority],
    [t("detail.type"), facts.type],
    [t("detail.project"), `${facts.project.name} (${facts.project.key})`],
    [t("detail.labels"), facts.labels.join(", ")],
    [t("detail.due"), issue.dueDate],
    [t("detail.createdAt"), when(issue.createdAt)],
    [t("detail.updatedAt"), when(facts.updatedAt)],
  ];
  return (
    <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-2 text-sm">
      {lines.map(([name, value]) =>
        value ? (
          <div key={name} className="contents">
            <dt className="text-ink-muted">{name}</dt>
            <dd className="min-w-0 break-words">{value}</dd>
          </div>
        ) : null,
      )}
    </dl>
  );
}

/** What changed last, in Jira's own words. */
export function IssueHistory({ issue, viewer, now }: { issue: FullIssue; viewer: Viewer; now: Date }) {
  const t = useTranslations("issues.detail");
  const formats = formatsFor(viewer);
  return (
    <ol className="flex flex-col gap-3 text-sm">
      {issue.history.map(({ id, at, author, changes }) => (
        <li key={id}>
          <p className="text-xs text-ink-muted">
            {author?.name} · <When at={at} exact={formats.exact(at)}>{formats.relative(at, now)}</When>
          </p>
          {changes.map(({ field, from, to }, index) => (
            <p key={index} className="break-words">
              {t("change", { field, from: from ?? t("nothing"), to: to ?? t("nothing") })}
            </p>
          ))}
        </li>
      ))}
    </ol>
  );
}
