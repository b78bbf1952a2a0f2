import { clsx } from "clsx";
import { AtSign, BellRing, CalendarClock, CalendarPlus, CircleDot, Heart, Lock, Megaphone, MessageCircleReply, MessageSquareText, Newspaper, Plug, ShieldCheck, UserRoundPlus, type LucideIcon } from "lucide-react";
import { getTranslations } from "next-intl/server";
import type { FormAction } from "@/components/ui/form";
import { offeredValues, preferenceChannels, type Category, type PreferenceChannel } from "@/lib/notifications/inputs";
import type { PreferenceRow } from "@/lib/notifications/preferences/queries";
import type { Source } from "@/lib/notifications/rules";
import { ChoiceForm, SwitchTrack } from "./choice-form";

interface Props {
  rows: PreferenceRow[];
  action: FormAction<unknown>;
  /** Whose choices these are. */
  level: Extract<Source, "organization" | "mine" | "workspace">;
  workspaceId?: string;
}

const icons: Record<Category, LucideIcon> = {
  invitations: CalendarPlus,
  mentions: AtSign,
  changes: CalendarClock,
  answers: MessageCircleReply,
  reminders: BellRing,
  news: Newspaper,
  comments: MessageSquareText,
  likes: Heart,
  issues: CircleDot,
  announcements: Megaphone,
  membership: UserRoundPlus,
  integrations: Plug,
  security: ShieldCheck,
};

const columns = "@xl:grid @xl:grid-cols-[minmax(0,1fr)_6.5rem_11rem_6.5rem] @xl:gap-x-3";

/**
 * Every category with its three channels. One list for both widths: columns where there is room for them, cards where there is not, so
 * that every control keeps its full name ("Answers: E-mail") and nothing scrolls sideways.
 */
export async function PreferenceGrid({ rows, action, level, workspaceId }: Props) {
  const t = await getTranslations("preferences.grid");
  return (
    <div className="@container">
      <div aria-hidden className={clsx("hidden border-b border-line px-4 py-2 text-xs font-medium text-ink-muted", columns)}>
        <span />
        {preferenceChannels.map((channel) => (
          <span key={channel} className="text-center">
            {t(`channels.${channel}`)}
          </span>
        ))}
      </div>
      <ul className="divide-y divide-line">
        {rows.map((row) => {
          const Icon = icons[row.category];
          const heading = `category-${row.category}`;
          return (
            <li key={row.category} className={clsx("px-4 py-4 @xl:items-center", columns)}>
              <div className="mb-2 flex gap-3 @xl:mb-0">
                <span className="inline-flex size-8 shrink-0 items-center justify-center rounded-lg bg-accent-soft text-accent-ink">
                  <Icon aria-hidden className="size-4" />
                </span>
                <div className="min-w-0">
                  <h3 id={heading} className="text-sm font-medium">
                    {t(`categories.${row.category}.name`)}
                  </h3>
                  <p className="text-xs text-pretty text-ink-muted">{t(`categories.${row.category}.about`)}</p>
                  {row.critical && (
                    <p className="mt-1.5 flex gap-1.5 text-xs text-ink-muted">
                      <Lock aria-hidden className="mt-0.5 size-3.5 shrink-0" />
                      <span>{level === "organization" ? t("criticalWhyAll") : t("criticalWhy")}</span>
                    </p>
                  )}
                </div>
              </div>
              <div role="group" aria-labelledby={heading} className="flex flex-col gap-1 @xl:contents">
                {preferenceChannels.map((channel) =>
                  row.critical ? (
                    <FixedCell key={channel} channel={channel} on />
                  ) : offeredValues(row.category, channel).length === 1 ? (
                    <FixedCell key={channel} channel={channel} on={false} />
                  ) : (
                    <ChoiceForm
                      key={channel}
                      action={action}
                      category={row.category}
                      channel={channel}
                      choice={row.cells[channel].choice}
                      inherited={row.cells[channel].inherited}
                      values={offeredValues(row.category, channel)}
                      level={level}
                      workspaceId={workspaceId}
                      mails={channel === "email" ? row.mails : null}
                    />
                  ),
                )}
              </div>
            </li>
          );
        })}
      </ul>
    </div>
  );
}

/** A channel of a critical category, always on, or one that a category never comes by: no control that would only refuse. */
async function FixedCell({ channel, on }: { channel: PreferenceChannel; on: boolean }) {
  const t = await getTranslations("preferences.grid");
  return (
    <p className="flex items-center justify-between gap-3 py-1 @xl:flex-col @xl:items-center @xl:gap-1 @xl:py-0">
      <span className="min-w-0 @xl:order-last @xl:text-center">
        <span className="block text-sm @xl:sr-only">{t(`channels.${channel}`)}</span>
        <span className="block text-2xs text-ink-muted">{t(on ? "sources.critical" : "never")}</span>
      </span>
      <span className="inline-flex h-9 w-13 shrink-0 items-center justify-center">
        <SwitchTrack on={on} fixed />
      </span>
    </p>
  );
}
