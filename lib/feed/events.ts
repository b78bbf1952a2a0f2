import { z } from "zod";
import { defineEvent } from "@/lib/platform/outbox/outbox";

/**
 * What has happened in the news. Payloads name what a fan-out needs; what a mail says is read when it is sent. People are named by
 * member ids; whether they may still read the article is asked when they are told (`within`).
 */
const actor = z.object({ memberId: z.string().nullable(), name: z.string() });

export const articleFacts = z.object({
  id: z.string(),
  title: z.string(),
  excerpt: z.string(),
  version: z.number().int(),
  authorId: z.string(),
  authorName: z.string(),
  /** Where it was written. Null is the name of a workspace's first feed, which is a word of the reader's language. */
  feed: z.object({ id: z.string(), name: z.string().nullable() }),
  workspace: z.object({ id: z.string(), name: z.string() }),
  /** Every workspace whose members may read it, that one included. */
  workspaceIds: z.array(z.string()).min(1),
  cover: z.object({ mediaId: z.string(), alt: z.string() }).nullable(),
});
export type ArticleFacts = z.infer<typeof articleFacts>;

/** Its first publication, or the publication of what was scheduled. */
export const articlePublished = defineEvent(
  "article.published",
  1,
  z.object({
    actor,
    article: articleFacts,
    /** False when its author chose to tell nobody; people mentioned are told all the same. */
    notify: z.boolean(),
    mentioned: z.array(z.string()),
    /** Readers are asked to say that they have read it. */
    mustRead: z.object({ dueAt: z.iso.datetime().nullable() }).nullable(),
  }),
);

/** It waits for its instant. Nobody is told of it; whoever publishes at that instant hears of it at once. */
export const articleScheduled = defineEvent("article.scheduled", 1, z.object({ actor, articleId: z.string(), publishAt: z.iso.datetime() }));

/** A further version. Only who is mentioned for the first time is told. */
export const articleUpdated = defineEvent("article.updated", 1, z.object({ actor, article: articleFacts, mentioned: z.array(z.string()) }));

export const articleArchived = defineEvent("article.archived", 1, z.object({ actor, article: articleFacts }));

/** Nothing of it is told any more, and what was told goes from the inboxes. */
export const articleDeleted = defineEvent("article.deleted", 1, z.object({ actor, article: articleFacts }));

/** Its readers who have not said that they read it, in parts of at most 1,000 people. */
export const acknowledgementDue = defineEvent(
  "article.acknowledgement-due",
  1,
  z.object({
    /** Nobody when it comes by itself. */
    actor,
    article: articleFacts,
    dueAt: z.iso.datetime().nullable(),
    /** Which time they are reminded; 1 is the first. */
    round: z.number().int(),
    memberIds: z.array(z.string()).max(1000),
  }),
);

export const commentAdded = defineEvent(
  "comment.added",
  1,
  z.object({
    actor,
    article: articleFacts,
    comment: z.object({ id: z.string(), parentId: z.string().nullable(), excerpt: z.string() }),
    /** Whose comment is answered. */
    repliedTo: z.string().nullable(),
    mentioned: z.array(z.string()),
  }),
);

/** Only who is mentioned for the first time is told. */
export const commentEdited = defineEvent(
  "comment.edited",
  1,
  z.object({ actor, article: articleFacts, comment: z.object({ id: z.string(), parentId: z.string().nullable(), excerpt: z.string() }), mentioned: z.array(z.string()) }),
);

export const commentDeleted = defineEvent("comment.deleted", 1, z.object({ actor, articleId: z.string(), commentId: z.string() }));

/** The first like of a person for an article or a comment; one taken back and given again is no news. */
export const articleLiked = defineEvent(
  "article.liked",
  1,
  z.object({
    actor,
    article: articleFacts,
    /** What is liked, when it is not the article itself. */
    comment: z.object({ id: z.string(), excerpt: z.string() }).nullable(),
    /** Who wrote what is liked. */
    authorId: z.string(),
  }),
);

/** Its bytes are there and were looked at; its sizes are to be made. */
export const mediaUploaded = defineEvent("media.uploaded", 1, z.object({ actor, mediaId: z.string() }));

/** Nothing speaks for its bytes any more: they go from the storage. The rows are gone or refused by then. */
export const mediaDiscarded = defineEvent("media.discarded", 1, z.object({ mediaIds: z.array(z.string()).min(1).max(1000) }));
