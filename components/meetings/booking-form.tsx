"use client";

import Link from "next/link";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { buttonStyle } from "@/components/ui/button-style";
import { CheckboxField } from "@/components/ui/checkbox-field";
import { Form, type FormAction } from "@/components/ui/form";
import { useField, useFormContext } from "@/components/ui/form-context";
import { Notice } from "@/components/ui/notice";
import { SelectField } from "@/components/ui/select-field";
import { SubmitButton } from "@/components/ui/submit-button";
import { TextArea } from "@/components/ui/text-area";
import { TextField } from "@/components/ui/text-field";
import { formatsFor, wallClockIn, type Viewer } from "@/lib/platform/i18n/formats";
import { AttendeeField } from "./attendee-field";
import { pickedGuest, pickedMember, type Colleague, type Picked } from "./people";
import { PlanPanel } from "./plan-panel";
import { durationText } from "./duration-text";
import { TimeFields, type TimeDraft } from "./time-fields";
import { usePlan } from "./use-plan";

export interface BookingValues {
  title: string;
  date: string;
  start: string;
  duration: string;
  timeZone: string;
  location: string;
  joinUrl: string;
  description: string;
  attendees: Picked[];
  reminderMinutes: number | null;
  guard: boolean;
}

interface Props {
  action: FormAction<unknown>;
  organization: string;
  viewer: Viewer;
  me: Colleague;
  colleagues: Colleague[];
  initial: BookingValues;
  /** Minutes before the start that may be chosen. */
  reminderChoices: readonly number[];
  /** Where leaving without saving leads. */
  backHref: string;
  /** For a new meeting: makes a double click and a refreshed page book once. */
  idempotencyKey?: string;
  /** What a new meeting is about. */
  issueKey?: string;
  /** For a meeting that exists. */
  meeting?: { id: string; version: number };
}

export function BookingForm({ action, ...props }: Props) {
  return (
    <Form action={action} className="lg:grid lg:grid-cols-[minmax(0,1fr)_20rem] lg:items-start lg:gap-x-10 lg:[&>[role=alert]]:col-span-2">
      <BookingFields {...props} />
    </Form>
  );
}

function BookingFields({ organization, viewer, me, colleagues, initial, reminderChoices, backHref, idempotencyKey, issueKey, meeting }: Omit<Props, "action">) {
  const t = useTranslations("meetings");
  const { state } = useFormContext();
  const [draft, setDraft] = useState<TimeDraft>(() => draftOf(initial, state.values));
  const [picked, setPicked] = useState<Picked[]>(() => pickedOf(initial, state.values, colleagues));
  const keyTyped = useField("idempotencyKey").typed;
  const answerState = usePlan({
    organization,
    date: draft.date,
    start: draft.start,
    end: draft.by === "end" ? draft.end : "",
    duration: draft.by === "duration" ? draft.duration : "",
    timeZone: draft.timeZone,
    fold: draft.fold,
    members: picked.filter(({ timeZone }) => timeZone).map(({ value }) => value),
    except: meeting?.id ?? null,
  });
  const answer = answerState.last;

  // End and duration say the same thing twice; the one the person did not touch follows from the answer.
  const shown = answer?.ok ? completed(draft, answer.plan, answerState.kind === "known") : draft;
  const change = (next: Partial<TimeDraft>) => setDraft((before) => ({ ...before, ...next }));
  const moveTo = ({ date, start }: { date: string; start: string }) =>
    setDraft((before) => ({ ...before, date, start, duration: shown.duration || before.duration, by: "duration", end: "", fold: "" }));

  return (
    <>
      <div className="flex min-w-0 flex-col gap-5">
        {idempotencyKey && <input type="hidden" name="idempotencyKey" value={keyTyped ?? idempotencyKey} />}
        {issueKey && <input type="hidden" name="issue" value={issueKey} />}
        {meeting && <input type="hidden" name="version" value={meeting.version} />}
        <TakenTimes viewer={viewer} timeZone={draft.timeZone} onChoose={moveTo} />
        <TextField name="title" label={t("title")} placeholder={t("titlePlaceholder")} defaultValue={initial.title} maxLength={200} required autoComplete="off" />
        <TimeFields draft={shown} onChange={change} answer={answer} viewer={viewer} />
        <AttendeeField colleagues={colleagues} picked={picked} onChange={setPicked} />
        <div className="grid gap-5 sm:grid-cols-2">
          <TextField name="location" label={t("place")} placeholder={t("placePlaceholder")} defaultValue={initial.location} maxLength={300} optional />
          <TextField name="joinUrl" type="url" inputMode="url" label={t("joinLink")} placeholder="https://" defaultValue={initial.joinUrl} maxLength={2000} optional />
        </div>
        <TextArea name="description" label={t("description")} hint={t("descriptionHint")} defaultValue={initial.description} maxLength={10_000} rows={4} optional />
        <SelectField
          name="reminderMinutes"
          label={t("reminder")}
          className="sm:max-w-64"
          defaultValue={initial.reminderMinutes === null ? "" : String(initial.reminderMinutes)}
          options={[
            { value: "", label: t("reminderNone") },
            ...reminderChoices.map((minutes) => ({
              value: String(minutes),
              label: t("reminderBefore", { duration: formatsFor(viewer).duration(minutes) }),
            })),
          ]}
        />
        <CheckboxField name="guard" label={t("guard")} hint={t("guardHint")} defaultChecked={initial.guard} />
        {meeting && <CheckboxField name="notify" value="off" label={t("quietly")} hint={t("quietlyHint")} />}
      </div>
      <div className="min-w-0 no-js:hidden lg:sticky lg:top-6 lg:row-span-2">
        <PlanPanel state={answerState} viewer={viewer} me={me} picked={picked} onChoose={moveTo} timeZone={draft.timeZone} />
      </div>
      <div className="flex flex-wrap gap-3 border-t border-line pt-5 lg:col-start-1 lg:mt-5">
        <SubmitButton>{meeting ? t("saveChanges") : picked.length > 0 ? t("bookAndInvite") : t("book")}</SubmitButton>
        <Link href={backHref} className={buttonStyle("ghost")}>
          {t("leave")}
        </Link>
      </div>
    </>
  );
}

/** After "you already have something then": the free times, to take with one press. */
function TakenTimes({ viewer, timeZone, onChoose }: { viewer: Viewer; timeZone: string; onChoose: (time: { date: string; start: string }) => void }) {
  const t = useTranslations("meetings");
  const { state } = useFormContext();
  const free = state.refusal === "TIME_TAKEN" ? freeTimesOf(state.extra.nextFreeTimes) : [];
  if (free.length === 0) return null;
  const formats = formatsFor(viewer);
  return (
    <Notice title={t("yourFreeTimes")}>
      <ul className="mt-2 flex flex-wrap gap-2">
        {free.map(({ startsAt, endsAt }) => {
          const { date, time } = wallClockIn(timeZone, startsAt);
          return (
            <li key={startsAt}>
              <button
                type="button"
                onClick={() => onChoose({ date, start: time })}
                className="tabular min-h-10 rounded-lg border border-line bg-surface px-3 text-sm hover:border-accent-line hover:bg-accent-soft"
              >
                {formats.day(startsAt, timeZone)}, {formats.timeRange(startsAt, endsAt, timeZone)}
              </button>
            </li>
          );
        })}
      </ul>
    </Notice>
  );
}

function freeTimesOf(value: unknown): { startsAt: string; endsAt: string }[] {
  if (!Array.isArray(value)) return [];
  return value.filter(
    (entry): entry is { startsAt: string; endsAt: string } =>
      typeof entry === "object" && entry !== null && typeof entry.startsAt === "string" && typeof entry.endsAt === "string",
  );
}

type Typed = Record<string, string | string[]>;

const typedText = (values: Typed, name: string) => {
  const value = values[name];
  return typeof value === "string" ? value : undefined;
};

function draftOf(initial: BookingValues, typed: Typed): TimeDraft {
  const end = typedText(typed, "end") ?? "";
  const duration = typedText(typed, "duration") ?? (end ? "" : initial.duration);
  return {
    date: typedText(typed, "date") ?? initial.date,
    start: typedText(typed, "start") ?? initial.start,
    end,
    duration,
    by: duration || !end ? "duration" : "end",
    timeZone: typedText(typed, "timeZone") ?? initial.timeZone,
    fold: typedText(typed, "fold") ?? "",
  };
}

/** People sent before scripts arrived come back as what the form sent. */
function pickedOf(initial: BookingValues, typed: Typed, colleagues: Colleague[]): Picked[] {
  const sent = "plain" in typed ? (typed.attendeePlain ?? []) : typed.attendee;
  if (sent === undefined) return "title" in typed ? [] : initial.attendees;
  const optional = new Set([typed.optional ?? []].flat());
  return [sent].flat().map((value) => {
    const colleague = colleagues.find(({ id }) => id === value);
    return colleague ? pickedMember(colleague, optional.has(value)) : pickedGuest(value, value, optional.has(value));
  });
}

function completed(draft: TimeDraft, plan: { startsAt: string; endsAt: string }, current: boolean): TimeDraft {
  if (draft.by === "duration") return { ...draft, end: wallClockIn(draft.timeZone, plan.endsAt).time };
  // A sent duration counts before the end, so an old one must not stand here while the new answer is on its way.
  if (!current) return draft;
  return { ...draft, duration: durationText(Math.round((Date.parse(plan.endsAt) - Date.parse(plan.startsAt)) / 60_000)) };
}
