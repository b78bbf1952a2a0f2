import { z } from "zod";
import { instantInput } from "@/lib/platform/instant-input";
import { plainLine } from "@/lib/platform/plain-text";
import { documentInput, documentTextInput } from "../document/inputs";
import { documentLimits, type ArticleDocument } from "../document/rules";

/** `scheduled` is a draft with an instant. What is deleted keeps its row until it is purged, so that late links can be told apart. */
export const articleStates = ["draft", "scheduled", "published", "archived"] as const;
export type ArticleState = (typeof articleStates)[number];

/** In how many workspaces one article may be read. */
export const workspacesMax = 20;

const id = z.string("wrong-type").max(64, "invalid");
const flag = z.boolean("wrong-type");

/** One line, without marks that mislead. A draft may still be without one; publishing refuses that. */
export const titleInput = z
  .string("wrong-type")
  .max(4 * documentLimits.title, "too-long")
  .transform(plainLine)
  .refine((title) => [...title].length <= documentLimits.title, "too-long")
  .meta({ description: "At most 200 characters, on one line" });

const workspaceIds = z
  .array(id, "wrong-type")
  .max(workspacesMax, "too-many")
  .meta({ description: "The workspaces whose members may read it; that of its feed is always among them" });
const mustRead = z
  .strictObject({ dueAt: instantInput.nullable().default(null) }, "wrong-type")
  .nullable()
  .meta({ description: "Whether its readers are asked to say that they have read it, and until when" });
const notify = flag.meta({ description: "False tells nobody but those who are mentioned" });
const commentsOpen = flag.meta({ description: "Whether it takes comments" });
const publishAt = instantInput.meta({ description: "Publishes it at this instant, within a year, instead of now" });

export const publishInput = z.strictObject({
  revision: z.int("wrong-type").min(0, "invalid").meta({ description: "The revision of the draft that was on the screen" }),
  version: z.int("wrong-type").min(0, "invalid").optional().meta({ description: "The version of the article that this knowingly replaces" }),
  workspaceIds,
  notify: notify.default(true),
  commentsOpen: commentsOpen.default(true),
  mustRead: mustRead.default(null),
  publishAt: publishAt.optional(),
});
export type PublishInput = z.output<typeof publishInput>;

/** A document, or plain text where no editor is: one of the two. */
const words = { document: documentInput.optional(), text: documentTextInput.optional() };

/** `documentInput` reads any value, and an absent one as a fault; a body may leave it out. */
function oneOf<Input extends { document?: ArticleDocument; text?: ArticleDocument }>(input: Input, context: z.RefinementCtx): ArticleDocument | undefined {
  if (input.document && input.text) context.addIssue({ code: "custom", message: "twice", path: ["text"] });
  return input.document ?? input.text;
}

export const createArticleInput = z
  .strictObject({
    title: titleInput,
    ...words,
    feedId: id.meta({ description: "Where it is written" }),
    workspaceIds: workspaceIds.default([]),
    coverId: id.nullable().default(null).meta({ description: "An uploaded picture" }),
    publish: flag.default(true).meta({ description: "False keeps it as your draft" }),
    publishAt: publishAt.optional(),
    notify: notify.default(true),
    commentsOpen: commentsOpen.default(true),
    mustRead: mustRead.default(null),
  })
  .transform(({ document, text, ...input }, context) => ({ ...input, document: oneOf({ document, text }, context) }));
export type CreateArticleInput = z.output<typeof createArticleInput>;

export const changeArticleInput = z
  .strictObject({
    title: titleInput.optional(),
    ...words,
    coverId: id.nullable().optional(),
    feedId: id.optional().meta({ description: "Another feed of the same workspace" }),
    workspaceIds: workspaceIds.optional(),
    commentsOpen: commentsOpen.optional(),
    mustRead: mustRead.optional(),
  })
  .refine((changes) => Object.keys(changes).length > 0, "nothing-to-change")
  .transform(({ document, text, ...changes }, context) => ({ ...changes, document: oneOf({ document, text }, context) }));
export type ChangeArticleInput = z.output<typeof changeArticleInput>;

/** Publishes the draft as it stands, now or later. */
export const publishNowInput = z.strictObject({
  publishAt: publishAt.optional(),
  workspaceIds: workspaceIds.optional(),
  notify: notify.default(true),
  commentsOpen: commentsOpen.default(true),
  mustRead: mustRead.default(null),
});
export type PublishNowInput = z.output<typeof publishNowInput>;

export const pinInput = z.strictObject({ workspaceId: id, pinned: flag });
