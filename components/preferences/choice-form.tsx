"use client";

import { clsx } from "clsx";
import { Check, ChevronDown, Undo2 } from "lucide-react";
import { useTranslations } from "next-intl";
import { startTransition, useActionState, useEffect, useId, useOptimistic, useRef, useState, type FormEvent } from "react";
import type { FormAction } from "@/components/ui/form";
import { useToast } from "@/components/ui/toast";
import type { Category, PreferenceChannel, PreferenceValue } from "@/lib/notifications/inputs";
import type { MailsAWeek } from "@/lib/notifications/preferences/rules";
import type { Source } from "@/lib/notifications/rules";
import { idleForm } from "@/lib/platform/form-state";

interface Choice {
  value: PreferenceValue;
  source: Source;
}

interface Props {
  action: FormAction<unknown>;
  category: Category;
  channel: PreferenceChannel;
  choice: Choice;
  /** What would hold without the choice that is made here. */
  inherited: Choice;
  values: readonly PreferenceValue[];
  /** The level that is chosen for here; a choice of this level can be set back. */
  level: Source;
  workspaceId?: string;
  /** About how many mails a week each value of an e-mail choice means. */
  mails: MailsAWeek | null;
}

const confirmedMs = 2_500;

/**
 * One cell of the grid: a form of its own, so that it works before scripts. With them it shows the choice at once, says quietly that it
 * was saved, and goes back to what holds when it is refused.
 */
export function ChoiceForm({ action, category, channel, choice, inherited, values, level, workspaceId, mails }: Props) {
  const t = useTranslations("preferences.grid");
  const refusals = useTranslations("refusals");
  const toast = useToast();
  const [state, submit, pending] = useActionState(action, idleForm);
  const [shown, show] = useOptimistic(choice);
  const [faded, setFaded] = useState<unknown>(null);
  const confirmed = state.status === "done" && !pending && faded !== state;
  const seen = useRef(state);
  const id = useId();
  const name = t("cell", { category: t(`categories.${category}.name`), channel: t(`channels.${channel}`) });

  useEffect(() => {
    if (seen.current === state) return;
    seen.current = state;
    if (state.status === "refused") toast({ text: t("failed", { reason: refusals(state.refusal ?? "UNEXPECTED") }) });
  }, [state, toast, t, refusals]);

  useEffect(() => {
    const timer = setTimeout(() => setFaded(state), confirmedMs);
    return () => clearTimeout(timer);
  }, [state]);

  const send = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const submitter = event.nativeEvent instanceof SubmitEvent ? event.nativeEvent.submitter : null;
    const data = new FormData(event.currentTarget, submitter);
    const wanted = values.find((value) => value === data.get("value"));
    startTransition(() => {
      show(data.has("reset") || !wanted ? inherited : { value: wanted, source: level });
      submit(data);
    });
  };

  const on = shown.value !== "off";
  return (
    <form action={submit} onSubmit={send} className="flex items-center justify-between gap-3 py-1 @xl:flex-col @xl:items-center @xl:gap-1 @xl:py-0">
      <input type="hidden" name="category" value={category} />
      <input type="hidden" name="channel" value={channel} />
      {workspaceId && <input type="hidden" name="workspaceId" value={workspaceId} />}
      <div className="min-w-0 @xl:order-last @xl:text-center">
        <span aria-hidden className="block text-sm @xl:hidden">
          {t(`channels.${channel}`)}
        </span>
        <p id={`${id}-source`} className="flex flex-wrap items-center gap-x-1.5 text-2xs text-ink-muted @xl:justify-center">
          {confirmed ? (
            <span className="inline-flex items-center gap-1 text-positive">
              <Check aria-hidden className="size-3" />
              {t("saved")}
            </span>
          ) : pending ? (
            <span>{t("saving")}</span>
          ) : (
            <span className={clsx(shown.source === level && "text-accent-ink")}>{t(`sources.${shown.source}`)}</span>
          )}
          {shown.source === level && (
            <button
              type="submit"
              name="reset"
              value="1"
              title={t("back")}
              aria-label={t("backNamed", { category: t(`categories.${category}.name`), channel: t(`channels.${channel}`) })}
              className="-my-1.5 inline-flex size-6 items-center justify-center rounded-md text-ink-muted hover:bg-hover hover:text-ink"
            >
              <Undo2 aria-hidden className="size-3.5" />
            </button>
          )}
        </p>
        {mails && shown.value !== "off" && mails[shown.value] > 0 && <p className="text-2xs text-ink-muted">{t("mails", { count: mails[shown.value] })}</p>}
        <span role="status" className="sr-only">
          {confirmed ? t("saved") : ""}
        </span>
      </div>
      {values.length > 2 ? (
        <span className="flex shrink-0 items-center gap-1.5">
          <span className="relative w-38">
            <select
              name="value"
              aria-label={name}
              aria-describedby={`${id}-source`}
              value={shown.value}
              onChange={(event) => event.currentTarget.form?.requestSubmit()}
              className="control min-h-9 appearance-none truncate py-1 pr-8 text-sm"
            >
              {[...values].sort(byEagerness).map((value) => (
                <option key={value} value={value}>
                  {value === "on" ? t("atOnce") : t(`values.${value}`)}
                </option>
              ))}
            </select>
            <ChevronDown aria-hidden className="pointer-events-none absolute top-1/2 right-2.5 size-4 -translate-y-1/2 text-ink-muted" />
          </span>
          <button type="submit" className="hidden min-h-9 rounded-lg border border-line-strong px-2.5 text-sm no-js:block">
            {t("set")}
          </button>
        </span>
      ) : (
        <button
          type="submit"
          name="value"
          value={on ? "off" : "on"}
          role="switch"
          aria-checked={on}
          aria-label={name}
          aria-describedby={`${id}-source`}
          className="group inline-flex h-9 w-13 shrink-0 items-center justify-center rounded-lg"
        >
          <SwitchTrack on={on} />
        </button>
      )}
    </form>
  );
}

/** The picture of a switch; what it is and whether it is on is said by whoever holds it. */
export function SwitchTrack({ on, fixed }: { on: boolean; fixed?: boolean }) {
  return (
    <span
      aria-hidden
      className={clsx(
        "inline-flex h-6 w-11 items-center rounded-full border p-0.5 transition-colors duration-150",
        on ? "border-accent bg-accent" : "border-line-strong bg-sunken",
        fixed && "opacity-60",
      )}
    >
      <span className={clsx("size-4.5 rounded-full transition-transform duration-150", on ? "translate-x-5 bg-on-accent" : "bg-ink-muted")} />
    </span>
  );
}

const eagerness: PreferenceValue[] = ["on", "daily", "weekly", "off"];
const byEagerness = (a: PreferenceValue, b: PreferenceValue) => eagerness.indexOf(a) - eagerness.indexOf(b);
