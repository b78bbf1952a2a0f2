"use client";

import { useTranslations } from "next-intl";
import { startTransition, useEffect, useRef, useState } from "react";
import { Card } from "@/components/ui/card";
import { Form } from "@/components/ui/form";
import { useFormContext } from "@/components/ui/form-context";
import { SubmitButton } from "@/components/ui/submit-button";
import { TextField } from "@/components/ui/text-field";
import type { Viewer } from "@/lib/platform/i18n/formats";
import type { DryRun } from "@/lib/integrations/subscriptions/dry-run/rules";
import { subscriptionLimits, type Target } from "@/lib/integrations/subscriptions/choices/inputs";
import type { EventFilter } from "@/lib/integrations/subscriptions/inputs";
import { saveSubscriptionAction, trySubscriptionAction, type SubscriptionOutcome } from "@/lib/integrations/subscriptions/wishes/actions";
import { EventFields } from "./event-fields";
import { FilterFields } from "./filter-fields";
import { TargetFields, type TargetChoices } from "./target-fields";
import { Trial } from "./trial";

export interface SavedSubscription {
  id: string;
  version: number;
  name: string;
  events: string[];
  filter: EventFilter;
  target: Target;
  memberIds: string[];
  workspaceId: string | null;
  endpointId: string | null;
}

interface Props {
  organization: string;
  source: { id: string | null; plugin: string | null; events: readonly string[] };
  subscription: SavedSubscription | null;
  /** Null for whoever can only ask for themselves. */
  choices: TargetChoices | null;
  linked: boolean;
  viewer: Viewer;
}

/** How long somebody has to pause before what they wish is tried. */
const pauseMs = 700;

type Live = { tried: DryRun | null; own: boolean } | null;

/** When what happens, if what agrees, who is told; and what that would have brought, while one is at it. */
export function SubscriptionForm({ organization, source, subscription, choices, linked, viewer }: Props) {
  const t = useTranslations("subscriptions");
  const [live, setLive] = useState<Live>(null);
  const fields = useRef<HTMLDivElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const asked = useRef(0);
  useEffect(() => () => clearTimeout(timer.current), []);

  const follow = () => {
    const form = fields.current?.closest("form");
    if (!form || source.id === null) return;
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      const mine = (asked.current += 1);
      const wish = new FormData(form);
      startTransition(async () => {
        const tried = await trySubscriptionAction(organization, wish);
        // An earlier question may be answered later.
        if (mine === asked.current) setLive({ tried, own: wish.get("target") === "me" });
      });
    }, pauseMs);
  };

  return (
    <Form action={saveSubscriptionAction.bind(null, organization, subscription?.id ?? null)} className="gap-6">
      <input type="hidden" name="version" value={subscription?.version ?? ""} />
      <input type="hidden" name="connectionId" value={source.id ?? ""} />
      <input type="hidden" name="plugin" value={source.plugin ?? ""} />
      <div ref={fields} onInput={follow} className="flex flex-col gap-6">
        <Card id="what" title={t("form.what")}>
          <div className="flex flex-col gap-5">
            <TextField
              name="name"
              label={t("form.name")}
              hint={t("form.nameHint")}
              placeholder={t("form.namePlaceholder")}
              defaultValue={subscription?.name}
              maxLength={subscriptionLimits.name}
              autoComplete="off"
              required
            />
            <EventFields plugin={source.plugin} events={source.events} chosen={subscription?.events ?? null} />
          </div>
        </Card>
        <Card id="which" title={t("form.which")}>
          {source.id === null ? (
            <p className="text-sm text-ink-muted">{t("form.noFilter")}</p>
          ) : (
            <FilterFields organization={organization} connectionId={source.id} filter={subscription?.filter ?? null} linked={linked} onChange={follow} />
          )}
        </Card>
        <Card id="who" title={t("form.who")}>
          <TargetFields choices={choices} endpointsOnly={source.id === null} chosen={subscription} onChange={follow} />
        </Card>
      </div>
      {source.id !== null && (
        <Card id="try" title={t("try.title")}>
          <Tried live={live} viewer={viewer} />
        </Card>
      )}
      <div className="flex flex-wrap items-center gap-3">
        <SubmitButton name="intent" value="save">
          {subscription ? t("form.save") : t("form.create")}
        </SubmitButton>
        {source.id !== null && (
          <SubmitButton name="intent" value="try" variant="secondary">
            {t("form.try")}
          </SubmitButton>
        )}
      </div>
    </Form>
  );
}

/** The latest answer: of the button when it was pressed, otherwise of what was typed. */
function Tried({ live, viewer }: { live: Live; viewer: Viewer }) {
  const { state } = useFormContext();
  const pressed = outcomeOf(state.result);
  if (live) return <Trial tried={live.tried} stale={live.tried === null} own={live.own} viewer={viewer} />;
  return <Trial tried={pressed?.tried ?? null} stale={false} own={state.values.target === "me"} viewer={viewer} />;
}

const outcomeOf = (result: unknown): SubscriptionOutcome | null => (typeof result === "object" && result !== null && "tried" in result ? (result as SubscriptionOutcome) : null);
