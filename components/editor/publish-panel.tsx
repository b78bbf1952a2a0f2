"use client";

import { useTranslations } from "next-intl";
import { useEffect, useState } from "react";
import { Card } from "@/components/ui/card";
import { CheckboxField } from "@/components/ui/checkbox-field";
import { FieldNotes } from "@/components/ui/field";
import { useField, useFormContext } from "@/components/ui/form-context";
import { Notice } from "@/components/ui/notice";
import { RadioGroup } from "@/components/ui/radio-group";
import { SelectField } from "@/components/ui/select-field";
import { SubmitButton } from "@/components/ui/submit-button";
import { TextField } from "@/components/ui/text-field";
import { formatsFor, type Viewer } from "@/lib/platform/i18n/formats";
import { countReadersAction } from "@/lib/feed/readers/actions";

export interface PublishChoices {
  feedId: string;
  feeds: { id: string; name: string }[];
  workspaces: { id: string; name: string; home: boolean; chosen: boolean }[];
  notify: boolean;
  commentsOpen: boolean;
  pin: "possible" | "full" | "no";
  mustRead: { dueDate: string } | null;
  /** What it is set to, or what would be a good time: in the reader's own zone. */
  later: { scheduled: boolean; date: string; time: string };
  today: string;
  zone: string;
  /** How many people read along where it is to be read. */
  readers: number;
}

interface Props {
  organization: string;
  articleId: string;
  version: number;
  choices: PublishChoices;
  viewer: Viewer;
}

/** When, where and for whom. Everything is chosen already as most would: publishing is one press. */
export function PublishPanel({ organization, articleId, version, choices, viewer }: Props) {
  const t = useTranslations("editor.panel");
  const { state } = useFormContext();
  const first = version === 0;
  const typedWhen = useField("when").typed;
  const [when, setWhen] = useState(typedWhen ?? (choices.later.scheduled ? "later" : "now"));
  const mustReadTyped = useField("mustRead");
  const [mustRead, setMustRead] = useState(mustReadTyped.refused ? mustReadTyped.typed !== undefined : choices.mustRead !== null);
  const label = !first ? t("update") : when === "later" ? t("schedule") : t("publish");

  return (
    <Card id="publish" title={first ? t("title") : t("titleUpdate")} className="scroll-mt-20 max-lg:mt-8 lg:sticky lg:top-6">
      <div className="flex flex-col gap-5">
        <Overtaken organization={organization} articleId={articleId} viewer={viewer} />
        {choices.feeds.length > 1 && <SelectField name="feedId" label={t("feed")} defaultValue={choices.feedId} options={choices.feeds.map(({ id, name }) => ({ value: id, label: name }))} />}
        <Audience organization={organization} articleId={articleId} choices={choices} first={first} />
        {first && (
          <RadioGroup
            name="when"
            label={t("when")}
            look="segments"
            defaultValue={when}
            onChange={setWhen}
            choices={[
              { value: "now", label: t("now") },
              { value: "later", label: t("later") },
            ]}
          />
        )}
        {first && (
          <div className={when === "later" ? "grid grid-cols-2 gap-3" : "no-js:grid hidden grid-cols-2 gap-3"}>
            <TextField name="date" type="date" label={t("date")} also={["publishAt"]} min={choices.today} defaultValue={choices.later.date} />
            <TextField name="time" type="time" label={t("time")} defaultValue={choices.later.time} />
            <p className="col-span-2 -mt-1 text-xs text-ink-muted">{t("zone", { zone: choices.zone })}</p>
          </div>
        )}
        <CheckboxField name="commentsOpen" label={t("comments")} defaultChecked={choices.commentsOpen} />
        {first && choices.pin !== "no" && when !== "later" && (
          <CheckboxField name="pinned" label={t("pin")} hint={choices.pin === "full" ? t("pinFull") : undefined} disabled={choices.pin === "full"} />
        )}
        <CheckboxField name="mustRead" label={t("mustRead")} hint={t("mustReadHint")} defaultChecked={choices.mustRead !== null} onChange={(event) => setMustRead(event.currentTarget.checked)} />
        <div className={mustRead ? "" : "no-js:block hidden"}>
          <TextField name="dueDate" type="date" label={t("due")} min={choices.today} defaultValue={choices.mustRead?.dueDate} also={["mustRead"]} optional />
        </div>
        {state.status === "refused" && state.fields.publishAt && when !== "later" && <FieldNotes id="publish" faults={[t("laterWrong")]} />}
        <SubmitButton name="intent" value="publish">
          {label}
        </SubmitButton>
      </div>
    </Card>
  );
}

/** Which workspaces, and how many people that is. */
function Audience({ organization, articleId, choices, first }: Pick<Props, "organization" | "articleId" | "choices"> & { first: boolean }) {
  const t = useTranslations("editor.panel");
  const { typedAll, faults, refused } = useField("workspaceId", { also: ["workspaceIds"] });
  const [chosen, setChosen] = useState(() => choices.workspaces.filter(({ id, chosen: before }) => (refused ? (typedAll?.includes(id) ?? false) : before)).map(({ id }) => id));
  const [readers, setReaders] = useState(choices.readers);
  const [changed, setChanged] = useState(false);

  useEffect(() => {
    if (!changed) return;
    let late = false;
    void countReadersAction(organization, articleId, chosen).then(
      (count) => !late && count !== null && setReaders(count),
      () => undefined,
    );
    return () => {
      late = true;
    };
  }, [changed, chosen, organization, articleId]);

  return (
    <>
      {choices.workspaces.length > 1 ? (
        <fieldset>
          <legend className="mb-1.5 text-sm font-medium">{t("workspaces")}</legend>
          <div className="scroll-quiet flex max-h-56 flex-col gap-1 overflow-y-auto p-0.5">
            {choices.workspaces.map(({ id, name, home, chosen: before }) => (
              <label key={id} className="flex min-h-8 items-center gap-3 text-sm">
                {home && <input type="hidden" name="workspaceId" value={id} />}
                <input
                  type="checkbox"
                  name={home ? undefined : "workspaceId"}
                  value={id}
                  disabled={home}
                  defaultChecked={home || (refused ? typedAll?.includes(id) : before)}
                  onChange={(event) => {
                    const on = event.currentTarget.checked;
                    setChanged(true);
                    setChosen((now) => (on ? [...now, id] : now.filter((other) => other !== id)));
                  }}
                  className="size-5 shrink-0 accent-accent"
                />
                <span className="min-w-0 truncate">{name}</span>
              </label>
            ))}
          </div>
          <FieldNotes id="workspaces" faults={faults} />
        </fieldset>
      ) : (
        choices.workspaces.map(({ id }) => <input key={id} type="hidden" name="workspaceId" value={id} />)
      )}
      {first ? (
        <CheckboxField name="notify" label={t("notify")} hint={t("notifyHint", { count: readers })} defaultChecked={choices.notify} />
      ) : (
        <>
          {choices.notify && <input type="hidden" name="notify" value="on" />}
          <p className="text-xs text-ink-muted">{t("updateHint", { count: readers })}</p>
        </>
      )}
    </>
  );
}

/** Somebody else published while this was being written: it is theirs to look at before it is replaced. */
function Overtaken({ organization, articleId, viewer }: Pick<Props, "organization" | "articleId" | "viewer">) {
  const t = useTranslations("editor.panel");
  const { state } = useFormContext();
  const { version, updatedAt } = state.extra;
  if (state.refusal !== "EDIT_CONFLICT" || typeof version !== "number") return null;
  return (
    <Notice tone="caution">
      <p>{t("overtaken", { version, time: typeof updatedAt === "string" ? formatsFor(viewer).dayTime(updatedAt) : "" })}</p>
      <p className="my-2">
        <a href={`/${organization}/articles/${articleId}/history?version=${version}`} target="_blank" className="link">
          {t("overtakenLook")}
        </a>
      </p>
      <label className="flex items-start gap-3">
        <input type="checkbox" name="version" value={version} className="mt-0.5 size-5 shrink-0 accent-accent" />
        {t("overtakenReplace")}
      </label>
    </Notice>
  );
}
