import { CircleCheck, LoaderCircle } from "lucide-react";
import { getTranslations } from "next-intl/server";
import type { ReactNode } from "react";
import { CopyButton } from "@/components/ui/copy-button";
import { formatsFor, type Viewer } from "@/lib/platform/i18n/formats";
import type { Connection } from "@/lib/integrations/connections/queries";
import type { WebhookSecret } from "@/lib/integrations/hooks/queries";
import { CopyLine } from "./copy-line";
import { FilterCopy } from "./filter-copy";

interface Props {
  connection: Connection;
  url: string;
  secrets: WebhookSecret[];
  viewer: Viewer;
}

/** What Jira's own page calls the events that the product makes something of. */
const jiraEvents = ["Issue: created, updated, deleted", "Comment: created, updated, deleted", "Attachment: created, deleted", "Issue link: created, deleted", "Worklog: created, updated, deleted"];

/** The steps at the sender, each with what is to be pasted there; then whether it has worked. */
export async function SetUp({ connection, url, secrets, viewer }: Props) {
  const t = await getTranslations("integrations.setUp");
  return (
    <div className="flex flex-col gap-5 text-sm">
      {connection.plugin === "jira" ? <JiraSteps connection={connection} url={url} secrets={secrets} viewer={viewer} /> : <SenderSteps url={url} secrets={secrets} viewer={viewer} />}
      <p role="status" className={connection.verifiedAt ? "flex items-start gap-2 font-medium text-positive" : "flex items-start gap-2 text-ink-muted"} data-testid="set-up-state">
        {connection.verifiedAt ? <CircleCheck aria-hidden className="mt-0.5 size-4 shrink-0" /> : <LoaderCircle aria-hidden className="mt-0.5 size-4 shrink-0 motion-safe:animate-spin" />}
        {t(connection.verifiedAt ? "done" : "waiting")}
      </p>
    </div>
  );
}

async function JiraSteps({ connection, url, secrets, viewer }: Props) {
  const t = await getTranslations("integrations.setUp");
  const { siteUrl } = connection.metadata;
  return (
    <ol className="flex list-decimal flex-col gap-4 pl-5">
      <Step>
        {t("open")}{" "}
        {siteUrl && (
          <a href={`${siteUrl}/plugins/servlet/webhooks`} target="_blank" rel="noreferrer" className="text-accent-ink underline">
            {t("openSite", { site: connection.name })}
          </a>
        )}
      </Step>
      <Step>
        {t("name")} <code>Moim</code>
      </Step>
      <Step>
        {t("urlStep")}
        <CopyLine label={t("url")} text={url} testId="webhook-url" />
      </Step>
      <Step>
        {t("secretStep")}
        <Secrets secrets={secrets} viewer={viewer} />
      </Step>
      <Step>
        {t("filterStep")}
        <FilterCopy />
      </Step>
      <Step>
        {t("events")}
        <ul className="mt-1 list-disc pl-5 text-ink-muted">
          {jiraEvents.map((event) => (
            <li key={event}>{event}</li>
          ))}
        </ul>
        <div className="mt-1.5">
          <CopyButton text={jiraEvents.join("\n")} label={t("copyNamed", { what: t("eventsCopied") })} />
        </div>
      </Step>
      <Step>{t("create")}</Step>
    </ol>
  );
}

const sampleBody = '{"type":"build.failed","title":"Build 128 failed","url":"https://ci.example.com/128"}';

async function SenderSteps({ url, secrets, viewer }: Omit<Props, "connection">) {
  const t = await getTranslations("integrations.setUp");
  return (
    <ol className="flex list-decimal flex-col gap-4 pl-5">
      <Step>
        {t("genericOpen")}
        <CopyLine label={t("url")} text={url} testId="webhook-url" />
      </Step>
      <Step>
        {t("genericSign")}
        <Secrets secrets={secrets} viewer={viewer} />
      </Step>
      <Step>
        {t("genericBody")}
        <CopyLine label={t("body")} text={sampleBody} />
      </Step>
    </ol>
  );
}

async function Secrets({ secrets, viewer }: Pick<Props, "secrets" | "viewer">) {
  const t = await getTranslations("integrations.setUp");
  const formats = formatsFor(viewer);
  return secrets.map(({ secret, validUntil }) =>
    validUntil ? (
      <p key={secret} className="mt-1.5 text-xs text-ink-muted">
        {t("oldSecret", { when: formats.exact(validUntil) })} <code>…{secret.slice(-4)}</code>
      </p>
    ) : (
      <CopyLine key={secret} label={t("secret")} text={secret} testId="webhook-secret" />
    ),
  );
}

const Step = ({ children }: { children: ReactNode }) => <li className="min-w-0 pl-1">{children}</li>;
