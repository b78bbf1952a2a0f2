import { Search } from "lucide-react";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { buttonStyle } from "@/components/ui/button-style";
import { LinkButton } from "@/components/ui/link-button";

export interface IssueSearch {
  text: string;
  project: string;
  status: string;
  jql: string;
  mine: boolean;
  connection: string;
}

interface Props {
  organization: string;
  search: IssueSearch;
  sites: { id: string; name: string }[];
  /** The field of the project, which may still be waiting for Jira. */
  project: ReactNode;
  /** The page was asked for without scripts, and so is the next. */
  whole: boolean;
}

const label = "mb-1.5 block text-sm font-medium";

/** A question in the address: it can be kept, sent and gone back to, and it needs no script. */
export function SearchForm({ organization, search, sites, project, whole }: Props) {
  const t = useTranslations("issues.search");
  const isNarrowed = Boolean(search.text || search.project || search.status || search.jql || search.mine);
  return (
    <form role="search" action={`/${organization}/issues`} className="mb-6 flex flex-col gap-3">
      {whole && <input type="hidden" name="whole" value="1" />}
      <div className="flex flex-wrap items-end gap-3">
        <div className="min-w-0 flex-1 basis-56">
          <label htmlFor="issue-text" className={label}>
            {t("label")}
          </label>
          <input id="issue-text" name="text" type="search" className="control" defaultValue={search.text} placeholder={t("placeholder")} maxLength={300} />
        </div>
        <button type="submit" className={buttonStyle("primary")}>
          <Search aria-hidden className="size-4" />
          {t("submit")}
        </button>
        {isNarrowed && (
          <LinkButton variant="ghost" href={`/${organization}/issues`}>
            {t("reset")}
          </LinkButton>
        )}
      </div>
      <div className="flex flex-wrap items-end gap-3">
        {sites.length > 1 && (
          <div className="min-w-0 basis-44 max-sm:flex-1">
            <label htmlFor="issue-site" className={label}>
              {t("site")}
            </label>
            <select id="issue-site" name="connection" className="control" defaultValue={search.connection}>
              {sites.map(({ id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
            </select>
          </div>
        )}
        <div className="min-w-0 basis-52 max-sm:flex-1">{project}</div>
        <div className="min-w-0 basis-44 max-sm:flex-1">
          <label htmlFor="issue-status" className={label}>
            {t("status")}
          </label>
          <input id="issue-status" name="status" className="control" defaultValue={search.status} placeholder={t("anyStatus")} maxLength={100} />
        </div>
        <label className="flex min-h-10 items-center gap-2.5 text-sm">
          <input type="checkbox" name="mine" value="true" defaultChecked={search.mine} className="size-5 shrink-0 accent-accent" />
          {t("mine")}
        </label>
      </div>
      <details open={search.jql !== ""}>
        <summary className="link inline-flex min-h-8 items-center text-sm">{t("jql")}</summary>
        <label htmlFor="issue-jql" className="sr-only">
          {t("jql")}
        </label>
        <input id="issue-jql" name="jql" className="control mt-2 font-mono text-sm" defaultValue={search.jql} maxLength={4000} spellCheck={false} autoCapitalize="off" aria-describedby="issue-jql-hint" />
        <p id="issue-jql-hint" className="mt-1.5 text-xs text-ink-muted">
          {t("jqlHint")}
        </p>
      </details>
    </form>
  );
}

/** Until Jira has answered, the choice as it stands. */
export function ProjectField({ projects, chosen }: { projects: { key: string; name: string }[]; chosen: string }) {
  const t = useTranslations("issues.search");
  const listed = chosen === "" || projects.some(({ key }) => key === chosen) ? projects : [{ key: chosen, name: chosen }, ...projects];
  return (
    <>
      <label htmlFor="issue-project" className={label}>
        {t("project")}
      </label>
      <select id="issue-project" name="project" className="control" defaultValue={chosen}>
        <option value="">{t("anyProject")}</option>
        {listed.map(({ key, name }) => (
          <option key={key} value={key}>
            {name === key ? key : `${name} (${key})`}
          </option>
        ))}
      </select>
    </>
  );
}
