"use client";

import { clsx } from "clsx";
import { CopyCheck } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Saved } from "@/components/settings/saved";
import { Button } from "@/components/ui/button";
import { FieldNotes } from "@/components/ui/field";
import { Form, type FormAction } from "@/components/ui/form";
import { useField, useFormContext } from "@/components/ui/form-context";
import { SubmitButton } from "@/components/ui/submit-button";
import { formatsFor, type Viewer } from "@/lib/platform/i18n/formats";
import type { QuietHours, QuietWindow } from "@/lib/notifications/quiet-hours/rules";

type Weekday = keyof QuietHours;

export interface QuietDay {
  weekday: Weekday;
  name: string;
  /** Whether the day has quiet hours; the window is what is offered where it has none. */
  on: boolean;
  window: QuietWindow;
  /** The end as the server wrote it: browsers carry other locale data. */
  endWords: string;
}

interface Props {
  action: FormAction<unknown>;
  days: QuietDay[];
  viewer: Viewer;
}

export function QuietHoursForm({ action, days, viewer }: Props) {
  const t = useTranslations("preferences.quiet");
  return (
    <Form action={action}>
      <Days days={days} viewer={viewer} />
      <div className="flex flex-wrap items-center gap-3">
        <SubmitButton>{t("save")}</SubmitButton>
        <Saved>{t("saved")}</Saved>
      </div>
    </Form>
  );
}

interface DayState extends QuietWindow {
  on: boolean;
}

/** What one day's fields hold at first: what was typed when it was refused, else what is stored or offered. */
function useFirst(days: QuietDay[]): Record<Weekday, DayState> {
  const { state } = useFormContext();
  const typed = (name: string) => (typeof state.values[name] === "string" ? state.values[name] : undefined);
  const refused = state.status === "refused";
  return Object.fromEntries(
    days.map(({ weekday, on, window }) => [
      weekday,
      {
        on: refused ? typed(`on-${weekday}`) !== undefined : on,
        start: typed(`start-${weekday}`) ?? window.start,
        end: typed(`end-${weekday}`) ?? window.end,
      },
    ]),
  ) as Record<Weekday, DayState>;
}

function Days({ days, viewer }: Pick<Props, "days" | "viewer">) {
  const t = useTranslations("preferences.quiet");
  const [week, setWeek] = useState(useFirst(days));
  const { state, pending } = useFormContext();
  // What was copied is news until the form has been sent.
  const [copied, setCopied] = useState<{ words: string; before: unknown } | null>(null);
  const said = copied && copied.before === state && !pending ? copied.words : "";
  const change = (weekday: Weekday, part: Partial<DayState>) => setWeek((now) => ({ ...now, [weekday]: { ...now[weekday], ...part } }));
  const copy = (day: QuietDay) => {
    setWeek((now) => Object.fromEntries(days.map(({ weekday }) => [weekday, now[day.weekday]])) as Record<Weekday, DayState>);
    setCopied({ words: t("copied", { day: day.name }), before: state });
  };
  return (
    <div>
      <ul className="divide-y divide-line">
        {days.map((day) => (
          <Day key={day.weekday} day={day} state={week[day.weekday]} viewer={viewer} onChange={(part) => change(day.weekday, part)} onCopy={() => copy(day)} />
        ))}
      </ul>
      <p role="status" className={clsx("text-sm text-ink-muted", said && "mt-3")}>
        {said}
      </p>
    </div>
  );
}

interface DayProps {
  day: QuietDay;
  state: DayState;
  viewer: Viewer;
  onChange: (part: Partial<DayState>) => void;
  onCopy: () => void;
}

function Day({ day, state, viewer, onChange, onCopy }: DayProps) {
  const t = useTranslations("preferences.quiet");
  const { weekday, name } = day;
  const start = useField(`start-${weekday}`, { also: [`end-${weekday}`] });
  const end = useField(`end-${weekday}`, { also: [`start-${weekday}`] });
  const on = useField(`on-${weekday}`);
  const time = "control min-h-9 w-32 px-2 py-1 tabular";
  const words = state.end === day.window.end ? day.endWords : wordsOf(state.end, viewer);
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 py-2.5 first:pt-0">
      <label className="flex min-h-9 w-36 shrink-0 items-center gap-3 text-sm">
        <input
          type="checkbox"
          {...on.control}
          checked={state.on}
          onChange={(event) => onChange({ on: event.target.checked })}
          aria-label={t("active", { day: name })}
          className="size-5 shrink-0 accent-accent"
        />
        <span aria-hidden className={clsx("first-letter:uppercase", state.on && "font-medium")}>
          {name}
        </span>
      </label>
      {/* Times of a day that is off stay in the form, so that switching it off and on again loses nothing; scripts put them away. */}
      <div className={clsx("min-w-0 flex-1 basis-64", !state.on && "hidden no-js:block")}>
        <div className="flex flex-wrap items-center gap-x-2 gap-y-1.5">
          <input
            type="time"
            {...start.control}
            value={state.start}
            onChange={(event) => onChange({ start: event.target.value })}
            aria-label={t("fromNamed", { day: name })}
            className={time}
          />
          <span aria-hidden className="text-ink-muted">
            –
          </span>
          <input
            type="time"
            {...end.control}
            aria-describedby={start.control["aria-describedby"]}
            value={state.end}
            onChange={(event) => onChange({ end: event.target.value })}
            aria-label={t("untilNamed", { day: name })}
            className={time}
          />
        </div>
        <div className="flex max-w-72 flex-wrap items-center justify-between gap-x-3">
          <p className="text-xs text-ink-muted">
            {state.start !== "" && state.end !== "" && state.start !== state.end && t(state.end < state.start ? "overnight" : "within", { time: words })}
          </p>
          <Button size="sm" variant="ghost" onClick={onCopy} aria-label={t("copyNamed", { day: name })} className="-mr-2 gap-1.5! px-2! text-xs! no-js:hidden">
            <CopyCheck aria-hidden className="size-3.5" />
            {t("copy")}
          </Button>
        </div>
        <FieldNotes id={start.id} faults={start.faults} />
      </div>
      {!state.on && <span className="text-sm text-ink-muted no-js:hidden">{t("none")}</span>}
    </li>
  );
}

/** A wall-clock time as the reader counts it; the day it is on does not matter. */
function wordsOf(time: string, viewer: Viewer): string {
  const at = new Date(`1970-01-01T${time}:00Z`);
  return Number.isNaN(at.getTime()) ? time : formatsFor(viewer).time(at, "UTC");
}
