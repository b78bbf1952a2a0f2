"use client";

import { useTranslations } from "next-intl";
import { useState, type ReactNode } from "react";
import { useField } from "@/components/ui/form-context";
import { RadioGroup } from "@/components/ui/radio-group";
import { presetOf, presetsOf } from "@/lib/integrations/subscriptions/choices/inputs";

interface Props {
  plugin: string | null;
  /** All that the place can report. */
  events: readonly string[];
  chosen: readonly string[] | null;
}

const groups = ["issue", "comment", "sprint", "version", "project", "worklog", "attachment", "board", "user", "meeting", "member"] as const;
type Group = (typeof groups)[number] | "other";

/** `jira.issue.created` is about an issue, `meeting.scheduled` about a meeting. */
function groupOf(event: string): Group {
  const parts = event.split(".");
  return groups.find((group) => group === parts[parts.length - 2]) ?? "other";
}

/** What most people mean first, everything one by one behind it. */
export function EventFields({ plugin, events, chosen }: Props) {
  const t = useTranslations("subscriptions");
  const { typed, faults } = useField("preset", { also: ["events"] });
  const offered = presetsOf(plugin);
  const usual = chosen ? presetOf(plugin, chosen) : (offered[0] ?? "all");
  const [preset, setPreset] = useState<string>(typed ?? usual);
  return (
    <>
      <RadioGroup name="preset" label={t("presets.label")} choices={offered.map((value) => ({ value, label: t(`presets.${value}`) }))} defaultValue={usual} onChange={setPreset} />
      <div className={preset === "custom" ? undefined : "hidden no-js:block"}>
        {faults.length > 0 && <p className="mb-2 text-sm text-danger">{faults.join(" ")}</p>}
        <div className="grid gap-4 sm:grid-cols-2">
          {[...groups, "other" as const].map((group) => {
            const own = events.filter((event) => groupOf(event) === group);
            return own.length > 0 && <EventGroup key={group} label={t(`groups.${group}`)} events={own} chosen={chosen ?? []} />;
          })}
        </div>
      </div>
    </>
  );
}

function EventGroup({ label, events, chosen }: { label: string; events: string[]; chosen: readonly string[] }) {
  const t = useTranslations("subscriptions");
  const nameOf = (event: string) => {
    const key = event.replaceAll(".", "-");
    return t.has(`names.${key as "jira-issue-created"}`) ? t(`names.${key as "jira-issue-created"}`) : <code className="text-xs break-all">{event}</code>;
  };
  return (
    <fieldset className="min-w-0">
      <legend className="mb-1.5 text-sm font-medium">{label}</legend>
      <div className="flex flex-col gap-1.5">
        {events.map((event) => (
          <EventBox key={event} event={event} label={nameOf(event)} chosen={chosen.includes(event)} />
        ))}
      </div>
    </fieldset>
  );
}

/** One of many boxes with one name: each has an id of its own. */
function EventBox({ event, label, chosen }: { event: string; label: ReactNode; chosen: boolean }) {
  const { typedAll, typed } = useField("events");
  const { typed: sent } = useField("preset");
  const ticked = sent === undefined && typed === undefined ? chosen : (typedAll?.includes(event) ?? false);
  return (
    <label className="flex min-h-6 items-start gap-2.5 text-sm">
      <input type="checkbox" name="events" value={event} defaultChecked={ticked} className="mt-px size-5 shrink-0 accent-accent" />
      <span className="min-w-0">{label}</span>
    </label>
  );
}
