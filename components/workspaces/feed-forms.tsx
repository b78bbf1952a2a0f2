"use client";

import { useTranslations } from "next-intl";
import { Saved } from "@/components/settings/saved";
import { buttonStyle } from "@/components/ui/button-style";
import { Form } from "@/components/ui/form";
import { SelectField } from "@/components/ui/select-field";
import { SubmitButton } from "@/components/ui/submit-button";
import { TextField } from "@/components/ui/text-field";
import { changeFeedAction, createFeedAction } from "@/lib/feed/feeds/actions";
import { feedNameMax, postings, type Posting } from "@/lib/feed/feeds/bounds/inputs";

function PostingField({ defaultValue }: { defaultValue: Posting }) {
  const t = useTranslations("workspaces.feeds");
  return (
    <SelectField
      name="posting"
      label={t("posting")}
      defaultValue={defaultValue}
      options={postings.map((value) => ({ value, label: t(`postings.${value}`) }))}
      className="flex-1 basis-44"
    />
  );
}

export function CreateFeedForm({ organization, workspaceId }: { organization: string; workspaceId: string }) {
  const t = useTranslations("workspaces.feeds");
  return (
    <Form action={createFeedAction.bind(null, organization, workspaceId)} resetOnDone aria-label={t("add")}>
      <div className="flex flex-wrap items-end gap-3">
        <TextField name="name" label={t("add")} maxLength={feedNameMax} className="flex-1 basis-44" required />
        <PostingField defaultValue="members" />
        <SubmitButton variant="secondary">{t("create")}</SubmitButton>
      </div>
    </Form>
  );
}

/** The first feed's name is a word of its reader's language, so there is only the choice who may publish. */
export function ChangeFeedForm({ organization, feed, name }: { organization: string; feed: { id: string; first: boolean; posting: Posting }; name: string }) {
  const t = useTranslations("workspaces.feeds");
  return (
    <details className="group">
      <summary className={buttonStyle("ghost", "sm", "cursor-pointer list-none [&::-webkit-details-marker]:hidden")}>
        <span aria-hidden="true">{t("change")}</span>
        <span className="sr-only">{t("changeNamed", { name })}</span>
      </summary>
      <Form action={changeFeedAction.bind(null, organization, feed.id)} className="mt-2 gap-3 rounded-lg border border-line bg-sunken p-3" aria-label={t("changeNamed", { name })}>
        {!feed.first && <TextField name="name" label={t("name")} defaultValue={name} maxLength={feedNameMax} required />}
        <PostingField defaultValue={feed.posting} />
        <div className="flex items-center gap-3">
          <SubmitButton size="sm">{t("save")}</SubmitButton>
          <Saved>{t("saved")}</Saved>
        </div>
      </Form>
    </details>
  );
}
