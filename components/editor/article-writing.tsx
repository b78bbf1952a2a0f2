"use client";

import { Eye, History } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore, type ComponentType, type ReactNode } from "react";
import { buttonStyle } from "@/components/ui/button-style";
import { Form } from "@/components/ui/form";
import { useField, useFormContext } from "@/components/ui/form-context";
import { FieldNotes } from "@/components/ui/field";
import { Notice } from "@/components/ui/notice";
import { SubmitButton } from "@/components/ui/submit-button";
import { idleForm, type FormState } from "@/lib/platform/form-state";
import type { Viewer } from "@/lib/platform/i18n/formats";
import { writeAction } from "@/lib/feed/articles/actions";
import type { ArticleDocument } from "@/lib/feed/document/rules";
import type { MediaView } from "@/lib/feed/media/mappings";
import type { ArticleBodyProps, BodyHandle } from "./article-body";
import type { Content, Stored } from "./autosave";
import { runAutosave, type Autosave } from "./autosave-runner";
import { ConflictChoice } from "./conflict-choice";
import { CoverChoice } from "./cover-choice";
import { storedOf } from "./draft-calls";
import { guardLinks } from "./guard-links";
import { PlainFields } from "./plain-fields";
import { PublishPanel, type PublishChoices } from "./publish-panel";
import { SaveStatus } from "./save-status";

export interface WritingDraft {
  articleId: string;
  title: string;
  document: ArticleDocument;
  coverId: string | null;
  revision: number;
  basedOn: number;
  version: number;
  tab: string | null;
  savedAt: string | null;
}

interface Props {
  organization: string;
  memberId: string;
  viewer: Viewer;
  draft: WritingDraft;
  media: MediaView[];
  choices: PublishChoices;
  /** The words alone, for a page without scripts; `rich` when they do not say all of it. */
  plain: { text: string; rich: boolean };
  /** The text as the server renders it: stands where the editor will. */
  children: ReactNode;
}

/** The page on which an article is written: one form, which works by itself, and the editor that makes it pleasant. */
export function ArticleWriting({ organization, memberId, viewer, draft, media, choices, plain, children }: Props) {
  const t = useTranslations("editor");
  const router = useRouter();
  const { articleId } = draft;
  const [saver] = useState(() => runAutosave({ organization, memberId, articleId, basedOn: draft.basedOn, onStale: () => router.refresh() }, storedAtFirst(draft)));
  const view = useSyncExternalStore(saver.listen, saver.read, saver.read);
  const [blocked, setBlocked] = useState(false);
  const page = `/${organization}/articles/${articleId}`;

  useEffect(() => {
    const end = saver.start();
    const unguard = guardLinks(() => saver.isInTrouble(), () => t("leave"));
    return () => {
      end();
      unguard();
    };
  }, [saver, t]);

  const plainAction = useMemo(() => writeAction.bind(null, organization, articleId), [organization, articleId]);
  // With scripts everything written is saved by then: what travels is the revision that holds it, and what is asked when publishing.
  const savedAction = useCallback(
    async (previous: FormState, form: FormData): Promise<FormState> => {
      const revision = await saver.flush();
      setBlocked(revision === null);
      if (revision === null) return idleForm;
      if (form.get("intent") === "preview") {
        router.push(`${page}/edit?preview=1`);
        return idleForm;
      }
      for (const name of ["title", "coverId", "text"]) form.delete(name);
      form.set("revision", String(revision));
      return plainAction(previous, form);
    },
    [saver, plainAction, router, page],
  );

  const refused = useCallback(
    ({ refusal, extra }: FormState) => {
      const stored = refusal === "EDIT_CONFLICT" ? storedOf(extra) : null;
      if (stored) saver.overtakenBy(stored);
    },
    [saver],
  );

  return (
    <Form action={view.begin ? savedAction : plainAction} onRefused={refused} className="lg:grid lg:grid-cols-[minmax(0,1fr)_19rem] lg:items-start lg:gap-x-10 lg:[&>[role=alert]]:col-span-2">
      <div className="min-w-0">
        <div className="mb-4 flex min-h-10 flex-wrap items-center gap-x-3 gap-y-1">
          <div className="min-h-5 min-w-0 flex-1 max-sm:basis-full">{view.begin && <SaveStatus view={view} viewer={viewer} />}</div>
          {draft.version > 0 && (
            <Link href={`${page}/history`} className={buttonStyle("ghost", "sm")}>
              <History aria-hidden className="size-4" />
              {t("history")}
            </Link>
          )}
          <SubmitButton name="intent" value="preview" variant="ghost" size="sm">
            <Eye aria-hidden className="size-4" />
            {t("preview")}
          </SubmitButton>
          <a href="#publish" className={buttonStyle("secondary", "sm", "lg:hidden")}>
            {draft.version > 0 ? t("update") : t("publish")}
          </a>
        </div>
        {blocked && (
          <Notice tone="danger" role="alert" className="mb-5">
            {t("blocked")}
          </Notice>
        )}
        {view.found && !view.state.conflict && (
          <Notice className="mb-5" role="status">
            {t("found")}
          </Notice>
        )}
        <input type="hidden" name="basedOn" value={draft.basedOn} />
        <Sheet {...{ organization, viewer, draft, media, saver, plain }}>{children}</Sheet>
      </div>
      <PublishPanel organization={organization} articleId={articleId} version={draft.version} choices={choices} viewer={viewer} />
    </Form>
  );
}

interface SheetProps extends Pick<Props, "organization" | "viewer" | "draft" | "media" | "plain" | "children"> {
  saver: Autosave;
}

/** Cover, title and text. */
function Sheet({ organization, viewer, draft, media, saver, plain, children }: SheetProps) {
  const t = useTranslations("editor");
  const { state: form } = useFormContext();
  const view = useSyncExternalStore(saver.listen, saver.read, saver.read);
  const title = useField("title");
  const text = useField("document");
  const [Body, setBody] = useState<ComponentType<ArticleBodyProps> | null>(null);
  const [failed, setFailed] = useState(false);
  const [coverId, setCoverId] = useState(draft.coverId);
  const [pictures, setPictures] = useState<string[]>([]);
  const [mine, setMine] = useState<Content | null>(null);
  const titleField = useRef<HTMLTextAreaElement>(null);
  const body = useRef<BodyHandle | null>(null);
  const cover = useRef(draft.coverId);
  const known = useMemo(() => new Map(media.map((one) => [one.id, one])), [media]);

  useEffect(() => {
    import("./article-body").then(
      ({ default: loaded }) => setBody(() => loaded),
      () => setFailed(true),
    );
  }, []);

  const put = useCallback((content: Content, typedOn: string | null = null) => {
    if (titleField.current) titleField.current.value = typedOn ?? content.title;
    cover.current = content.coverId;
    setCoverId(content.coverId);
  }, []);

  const ready = useCallback(
    (handle: BodyHandle) => {
      body.current = handle;
      const begin = saver.read().begin;
      const typed = titleField.current?.value ?? "";
      // Letters that were typed into the title before all this was here stay.
      const typedBefore = typed !== draft.title;
      if (begin) put(begin, typedBefore ? typed : null);
      saver.attach({
        read: () => ({ title: titleField.current?.value ?? "", document: handle.read(), coverId: cover.current }),
        show: (content) => {
          handle.show(content.document);
          put(content);
        },
      });
      if (typedBefore) saver.changed();
    },
    [saver, put, draft.title],
  );

  const conflict = view.state.conflict;
  useEffect(() => {
    setMine(conflict && body.current ? { title: titleField.current?.value ?? "", document: body.current.read(), coverId: cover.current } : null);
  }, [conflict]);

  const revision = typeof form.extra.revision === "number" ? form.extra.revision : draft.revision;
  return (
    <>
      {conflict && mine && (
        <ConflictChoice mine={mine} other={conflict} viewer={viewer} onKeepMine={saver.keepMine} onTakeOther={saver.takeOther} onKeepBoth={saver.keepBoth} />
      )}
      <input type="hidden" name="revision" value={revision} />
      <CoverChoice
        organization={organization}
        coverId={coverId}
        pictures={pictures}
        known={known}
        onChoose={(chosen) => {
          cover.current = chosen;
          setCoverId(chosen);
          saver.changed();
        }}
      />
      <label htmlFor={title.id} className="sr-only">
        {t("titleLabel")}
      </label>
      <textarea
        ref={titleField}
        rows={1}
        maxLength={200}
        defaultValue={title.typed ?? draft.title}
        placeholder={t("titlePlaceholder")}
        className="mb-3 block field-sizing-content min-h-12 w-full resize-none rounded-md bg-transparent text-2xl font-semibold outline-offset-4 placeholder:text-ink-faint"
        onChange={() => saver.changed()}
        onKeyDown={(event) => {
          if (event.key !== "Enter" || event.nativeEvent.isComposing) return;
          event.preventDefault();
          body.current?.focus();
        }}
        {...title.control}
      />
      <div className="mb-3">
        <FieldNotes id={title.id} faults={title.faults} />
        <FieldNotes id={text.id} faults={text.faults} />
      </div>
      <PlainFields text={plain.text} rich={plain.rich} />
      {failed && (
        <Notice tone="caution" role="alert" className="mb-4">
          {t("notLoaded")}
        </Notice>
      )}
      {Body && view.begin ? (
        <Body
          organization={organization}
          articleId={draft.articleId}
          label={t("bodyLabel")}
          describedBy={text.faults.length > 0 ? `${text.id}-fault` : undefined}
          content={view.begin.document}
          known={known}
          onReady={ready}
          onChange={saver.changed}
          onBusy={saver.setBusy}
          onPictures={setPictures}
        />
      ) : (
        <div className="no-js:hidden" aria-busy={!failed || undefined}>
          {children}
        </div>
      )}
    </>
  );
}

const storedAtFirst = ({ title, document, coverId, revision, tab, savedAt }: WritingDraft): Stored => ({ title, document, coverId, revision, tab, updatedAt: savedAt ?? "" });
