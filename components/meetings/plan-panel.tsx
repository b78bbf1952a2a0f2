"use client";

import { clsx } from "clsx";
import { CircleHelp, Clock } from "lucide-react";
import { useTranslations } from "next-intl";
import { Avatar } from "@/components/ui/avatar";
import { Badge } from "@/components/ui/badge";
import { Notice } from "@/components/ui/notice";
import { formatsFor, offsetOf, wallClockIn, type Viewer } from "@/lib/platform/i18n/formats";
import type { Plan } from "@/lib/meetings/planning/queries";
import type { Colleague, Picked } from "./people";
import { checkedMembersMax, type PlanState } from "./use-plan";

interface Props {
  state: PlanState;
  viewer: Viewer;
  me: Colleague;
  picked: Picked[];
  onChoose: (time: { date: string; start: string }) => void;
  /** The zone of the form, in which a chosen time is written. */
  timeZone: string;
}

/** Beside the form: what the time means for each person, and better times when somebody is busy. */
export function PlanPanel({ state, viewer, me, picked, onChoose, timeZone }: Props) {
  const t = useTranslations("meetings");
  const plan = state.last?.ok ? state.last.plan : null;
  const formats = formatsFor(viewer);
  const people = [{ value: me.id, name: me.name, email: me.email, timeZone: me.timeZone, optional: false }, ...picked];
  const checked = new Set(picked.filter(({ timeZone: zone }) => zone).slice(0, checkedMembersMax).map(({ value }) => value)).add(me.id);

  return (
    <section aria-labelledby="plan" aria-busy={state.kind === "asking"} className="rounded-xl border border-line bg-surface">
      <div className="border-b border-line px-4 py-3">
        <h2 id="plan" className="text-sm font-semibold">
          {t("planTitle")}
        </h2>
        <p className="tabular mt-0.5 min-h-5 text-sm text-ink-muted">
          {plan && formats.longRange(plan.startsAt, plan.endsAt, viewer.timeZone)}
        </p>
      </div>
      {state.kind === "unknown" && (
        <div className="px-4 pt-3">
          <Notice tone="caution" role="status">
            {t("planUnknown")}
          </Notice>
        </div>
      )}
      <ul className="divide-y divide-line px-4">
        {people.map((person) => (
          <li key={person.value} className="flex min-h-12 items-center gap-2.5 py-2 text-sm">
            <Avatar name={person.name} id={person.email} size="sm" />
            <div className="min-w-0 flex-1">
              <p className="truncate">
                {person.name}
                {person.value === me.id && <span className="text-ink-muted"> ({t("you")})</span>}
              </p>
              <LocalTime viewer={viewer} zone={person.timeZone} plan={plan} />
            </div>
            {state.kind === "unknown" || !checked.has(person.value) ? <NotChecked guest={!person.timeZone} /> : plan && <Freedom busy={plan.busy.includes(person.value)} />}
          </li>
        ))}
      </ul>
      {plan && plan.busy.length > 0 && (
        <div className="border-t border-line p-4" role="status">
          <p className="text-sm font-medium">{plan.free.length > 0 ? t("freeTimes") : t("noFreeTimes")}</p>
          <div className="mt-2 flex flex-col gap-1.5">
            {plan.free.map((free) => (
              <button
                key={free.startsAt}
                type="button"
                onClick={() => onChoose({ date: free.date, start: free.start })}
                className="tabular flex min-h-10 items-center gap-2 rounded-lg border border-line px-3 text-left text-sm hover:border-accent-line hover:bg-accent-soft"
              >
                <Clock aria-hidden className="size-4 text-accent-ink" />
                {formats.day(free.startsAt, timeZone)}, {formats.timeRange(free.startsAt, free.endsAt, timeZone)}
              </button>
            ))}
          </div>
        </div>
      )}
    </section>
  );
}

/** The person's own wall clock, marked when it is night there. */
function LocalTime({ viewer, zone, plan }: { viewer: Viewer; zone: string | null; plan: Plan | null }) {
  const t = useTranslations("meetings");
  if (!zone) return <p className="text-xs text-ink-muted">{t("zoneUnknown")}</p>;
  if (!plan) return <p className="min-h-4.5 text-xs" />;
  const formats = formatsFor(viewer);
  const there = wallClockIn(zone, plan.startsAt);
  const hour = Number(there.time.slice(0, 2));
  const away = hour < 8 || hour >= 19;
  const otherDay = there.date !== wallClockIn(viewer.timeZone, plan.startsAt).date;
  return (
    <p className={clsx("tabular text-xs", away ? "text-caution" : "text-ink-muted")}>
      {otherDay && `${formats.day(plan.startsAt, zone)}, `}
      {formats.timeRange(plan.startsAt, plan.endsAt, zone)} <span className="text-ink-muted">{offsetOf(zone, plan.startsAt, viewer.locale)}</span>
      {away && ` · ${t("outsideHours")}`}
    </p>
  );
}

function Freedom({ busy }: { busy: boolean }) {
  const t = useTranslations("meetings");
  return busy ? <Badge tone="caution">{t("busy")}</Badge> : <Badge tone="positive">{t("free")}</Badge>;
}

function NotChecked({ guest }: { guest: boolean }) {
  const t = useTranslations("meetings");
  return (
    <Badge>
      <CircleHelp aria-hidden className="size-3" />
      {guest ? t("notShared") : t("notChecked")}
    </Badge>
  );
}
