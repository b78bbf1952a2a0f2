"use client";

import { useTranslations } from "next-intl";
import { useMemo } from "react";
import { Combobox } from "@/components/ui/combobox";
import { useField } from "@/components/ui/form-context";
import { Notice } from "@/components/ui/notice";
import { RadioGroup } from "@/components/ui/radio-group";
import { TextField } from "@/components/ui/text-field";
import { formatsFor, offsetOf, type Viewer } from "@/lib/platform/i18n/formats";
import type { PlanAnswer, TwiceChoice } from "@/lib/meetings/planning/queries";
import { zoneItems } from "./zone-items";

/** The time as it stands in the form. `by` is whichever of end and duration the person touched last: that one counts. */
export interface TimeDraft {
  date: string;
  start: string;
  end: string;
  duration: string;
  by: "end" | "duration";
  timeZone: string;
  fold: string;
}

interface Props {
  draft: TimeDraft;
  onChange: (change: Partial<TimeDraft>) => void;
  answer: PlanAnswer | null;
  viewer: Viewer;
}

export function TimeFields({ draft, onChange, answer, viewer }: Props) {
  const t = useTranslations("meetings");
  const zones = useMemo(
    () => zoneItems(viewer.locale, `${draft.date || "2026-01-01"}T12:00:00Z`, [viewer.timeZone, draft.timeZone]),
    [viewer.locale, viewer.timeZone, draft.date, draft.timeZone],
  );
  return (
    <fieldset className="flex flex-col gap-4">
      <legend className="sr-only">{t("when")}</legend>
      <div className="grid grid-cols-2 gap-3 sm:grid-cols-[1.3fr_1fr_1fr_1fr]">
        <TextField
          name="date"
          type="date"
          label={t("date")}
          className="max-sm:col-span-2"
          value={draft.date}
          onChange={(event) => onChange({ date: event.target.value })}
        />
        <TextField
          name="start"
          also={["startsAt"]}
          type="time"
          label={t("start")}
          className="max-sm:col-span-2"
          value={draft.start}
          onChange={(event) => onChange({ start: event.target.value, fold: "" })}
        />
        <TextField
          name="end"
          also={["endsAt"]}
          type="time"
          label={t("end")}
          value={draft.end}
          onChange={(event) => onChange({ end: event.target.value, by: "end", duration: "" })}
        />
        <TextField
          name="duration"
          label={t("duration")}
          placeholder="1.5h"
          inputMode="text"
          autoComplete="off"
          value={draft.duration}
          onChange={(event) => onChange({ duration: event.target.value, by: "duration", end: "" })}
        />
      </div>
      <p className="-mt-2 text-xs text-ink-muted">{t("durationHint")}</p>
      <Missing answer={answer} onChange={onChange} viewer={viewer} />
      <Twice answer={answer} draft={draft} onChange={onChange} viewer={viewer} />
      <Combobox
        name="timeZone"
        label={t("timeZone")}
        items={zones}
        defaultValue={draft.timeZone}
        onChange={(timeZone) => onChange({ timeZone, fold: "" })}
      />
    </fieldset>
  );
}

/** The clocks jump over this time: say what they show instead and offer it. */
function Missing({ answer, onChange, viewer }: Pick<Props, "answer" | "onChange" | "viewer">) {
  const t = useTranslations();
  if (!answer || answer.ok || answer.code !== "time-missing") return null;
  const instead = answer.instead?.split("T")[1];
  return (
    <Notice tone="caution" role="status">
      {t("faults.time-missing")}{" "}
      {instead && answer.field === "start" && (
        <button type="button" className="link font-medium" onClick={() => onChange({ start: instead })}>
          {t("meetings.useInstead", { time: formatsFor(viewer).time(`2026-01-01T${instead}:00Z`, "UTC") })}
        </button>
      )}
    </Notice>
  );
}

/** The clocks show this time twice: ask which. Also after a refusal without scripts, when no answer was fetched. */
function Twice({ answer, draft, onChange, viewer }: Props) {
  const t = useTranslations("meetings");
  const { found, typed } = useField("start");
  const choice: TwiceChoice | null = answer?.twice ?? null;
  const ambiguousEnd = answer !== null && !answer.ok && answer.code === "time-ambiguous";
  if (!choice && !ambiguousEnd && !found.some(({ code }) => code === "time-ambiguous")) return null;
  const formats = formatsFor(viewer);
  const words = (which: "earlier" | "later") =>
    choice
      ? t(which === "earlier" ? "foldEarlierAt" : "foldLaterAt", {
          time: formats.time(choice[which], draft.timeZone),
          offset: offsetOf(draft.timeZone, choice[which], viewer.locale),
        })
      : t(which === "earlier" ? "foldEarlier" : "foldLater");
  return (
    <RadioGroup
      key={typed}
      name="fold"
      label={t("foldQuestion")}
      defaultValue={draft.fold}
      onChange={(fold) => onChange({ fold })}
      choices={[
        { value: "earlier", label: words("earlier") },
        { value: "later", label: words("later") },
      ]}
    />
  );
}
