import { Bell, BellOff, Moon } from "lucide-react";
import { getTranslations } from "next-intl/server";
import { Form } from "@/components/ui/form";
import { SubmitButton } from "@/components/ui/submit-button";
import { muteAction } from "@/lib/notifications/preferences/actions";
import type { Interruptions } from "@/lib/notifications/preferences/queries";
import { clock } from "@/lib/platform/clock";
import { formatsFor, type Viewer } from "@/lib/platform/i18n/formats";
import { interruptionWords } from "./interruption-words";

interface Props {
  organization: string;
  now: Interruptions & { held: { count: number } };
  viewer: Viewer;
}

const choices = ["hour", "tomorrow", "always"] as const;

/** Whether anything interrupts the reader at this moment, until when not, and the way out of it. */
export async function NowPanel({ organization, now, viewer }: Props) {
  const t = await getTranslations("preferences");
  const silence = interruptionWords(t, now, formatsFor(viewer), clock.now());
  const Icon = now.muted ? BellOff : silence ? Moon : Bell;
  const text = now.muted ? t(now.mutedUntil ? "now.mutedUntilText" : "now.mutedText") : silence ? t("now.quietText") : null;
  return (
    <section aria-labelledby="now-title" className="rounded-xl border border-line bg-surface p-4">
      <h2 id="now-title" className="sr-only">
        {t("now.title")}
      </h2>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-3">
        <div className="flex min-w-0 flex-1 basis-72 items-start gap-3">
          <span className={silence ? "mt-0.5 text-caution" : "mt-0.5 text-accent-ink"}>
            <Icon aria-hidden className="size-5" />
          </span>
          <div role="status" className="min-w-0">
            <p className="font-medium">{silence ?? t("now.open")}</p>
            {text && (
              <p className="mt-0.5 text-sm text-pretty text-ink-muted">
                {text} {now.held.count > 0 && t("now.waiting", { count: now.held.count })}
              </p>
            )}
          </div>
        </div>
        <Form action={muteAction.bind(null, organization)} className="gap-2!" aria-label={t("mute.label")}>
          {now.muted ? (
            <SubmitButton variant="secondary" name="for" value="off">
              {t("now.end")}
            </SubmitButton>
          ) : (
            <div className="flex flex-wrap items-center gap-2">
              <span className="w-full text-xs text-ink-muted sm:w-auto">{t("mute.heading")}</span>
              {choices.map((choice) => (
                <SubmitButton key={choice} size="sm" variant="secondary" name="for" value={choice}>
                  {t(`mute.${choice}`)}
                </SubmitButton>
              ))}
            </div>
          )}
        </Form>
      </div>
    </section>
  );
}
