import { z } from "zod";
import type { ArticleGlance } from "./listing/mappings";
import { articleStates } from "./inputs";
import { stopReasons } from "./rules";
import type { VersionGlance, VersionView } from "./history/queries";
import type { ArticleView, ShelvedGlance } from "./queries";
import type { DraftGlance } from "../drafts/queries";

const instant = z.iso.datetime().meta({ description: "Instant in UTC, RFC 3339" });
const person = z.strictObject({ memberId: z.string(), name: z.string() });
const feed = z.strictObject({ id: z.string(), name: z.string().nullable().meta({ description: "Null is the workspace's first feed" }), slug: z.string() });
const document = z.looseObject({ type: z.literal("doc") }).meta({ description: "A tree of nodes, as it was sent" });
const stopped = z.enum(stopReasons).nullable().meta({ description: "Why it was not published at `publishAt`, as far as that still holds" });

/** An article as the REST API shows it. */
export const articleResource = z.strictObject({
  id: z.string(),
  url: z.url(),
  state: z.enum(articleStates),
  version: z.int().meta({ description: "0 was never published; up by one whenever its words change for its readers. The ETag is this number in quotes" }),
  title: z.string(),
  excerpt: z.string(),
  document,
  coverId: z.string().nullable().meta({ description: "A picture: `/api/media/{id}/{variant}`" }),
  author: person,
  feed,
  workspaces: z.array(z.strictObject({ id: z.string(), slug: z.string(), feedId: z.string(), pinned: z.boolean() })).meta({ description: "Those of yours that it may be read in" }),
  createdAt: instant,
  publishedAt: instant.nullable(),
  editedAt: instant.nullable(),
  archivedAt: instant.nullable(),
  publishAt: instant.nullable(),
  stopped,
  commentsOpen: z.boolean(),
  likes: z.int(),
  liked: z.boolean(),
  comments: z.int(),
  readAt: instant.nullable(),
  mustRead: z
    .strictObject({ dueAt: instant.nullable(), acknowledged: z.strictObject({ version: z.int(), at: instant }).nullable() })
    .nullable()
    .meta({ description: "Whether its readers are asked to say that they have read it, and whether you have" }),
  draft: z.boolean().meta({ description: "You have changes that readers do not see" }),
});
export type ArticleResource = z.output<typeof articleResource>;

const iso = (at: Date | null) => at?.toISOString() ?? null;

export const articleResourceOf = (view: ArticleView, url: string): ArticleResource => ({
  id: view.id,
  url,
  state: view.state,
  version: view.version,
  title: view.title,
  excerpt: view.excerpt,
  document: { ...view.document },
  coverId: view.cover?.id ?? null,
  author: { memberId: view.author.id, name: view.author.name },
  feed: view.feed,
  workspaces: view.places.map(({ workspaceId: id, slug, feedId, pinned }) => ({ id, slug, feedId, pinned })),
  createdAt: view.createdAt.toISOString(),
  publishedAt: iso(view.publishedAt),
  editedAt: iso(view.editedAt),
  archivedAt: iso(view.archivedAt),
  publishAt: iso(view.publishAt),
  stopped: view.stopped,
  commentsOpen: view.commentsOpen,
  likes: view.likes,
  liked: view.liked,
  comments: view.comments,
  readAt: iso(view.readAt),
  mustRead: view.mustRead && {
    dueAt: iso(view.mustRead.dueAt),
    acknowledged: view.mustRead.acknowledged && { version: view.mustRead.acknowledged.version, at: view.mustRead.acknowledged.at.toISOString() },
  },
  draft: view.draft !== null,
});

/** A line of a list, without the document. */
export const articleLine = articleResource
  .pick({ id: true, url: true, state: true, title: true, excerpt: true, feed: true, publishedAt: true, archivedAt: true, publishAt: true, stopped: true })
  .extend({
    author: person,
    standing: z
      .strictObject({
        version: z.int(),
        editedAt: instant.nullable(),
        coverId: z.string().nullable(),
        likes: z.int(),
        liked: z.boolean(),
        comments: z.int(),
        unread: z.boolean(),
        pinned: z.boolean(),
        mustRead: z.strictObject({ dueAt: instant.nullable(), acknowledged: z.boolean() }).nullable(),
      })
      .nullable()
      .meta({ description: "Null for what stands in no feed" }),
  });
export type ArticleLine = z.output<typeof articleLine>;

export const lineOf = (glance: ArticleGlance, url: string): ArticleLine => ({
  id: glance.id,
  url,
  state: glance.state,
  title: glance.title,
  excerpt: glance.excerpt,
  feed: glance.feed,
  author: { memberId: glance.author.id, name: glance.author.name },
  publishedAt: glance.publishedAt.toISOString(),
  archivedAt: null,
  publishAt: null,
  stopped: null,
  standing: {
    version: glance.version,
    editedAt: iso(glance.editedAt),
    coverId: glance.cover?.id ?? null,
    likes: glance.likes,
    liked: glance.liked,
    comments: glance.comments,
    unread: glance.unread,
    pinned: glance.pinned,
    mustRead: glance.mustRead && { dueAt: iso(glance.mustRead.dueAt), acknowledged: glance.mustRead.acknowledged },
  },
});

export const shelvedLineOf = (glance: ShelvedGlance, url: string): ArticleLine => ({
  id: glance.id,
  url,
  state: glance.state,
  title: glance.title,
  excerpt: glance.excerpt,
  feed: glance.feed,
  author: { memberId: glance.author.id, name: glance.author.name },
  publishedAt: iso(glance.publishedAt),
  archivedAt: iso(glance.archivedAt),
  publishAt: iso(glance.publishAt),
  stopped: glance.stopped,
  standing: null,
});

export const draftLineOf = (glance: DraftGlance, author: { id: string; name: string }, url: string): ArticleLine => ({
  id: glance.articleId,
  url,
  state: glance.state,
  title: glance.title,
  excerpt: glance.excerpt,
  feed: glance.feed,
  author: { memberId: author.id, name: author.name },
  publishedAt: null,
  archivedAt: null,
  publishAt: iso(glance.publishAt),
  stopped: glance.stopped,
  standing: null,
});

export const versionLine = z.strictObject({ version: z.int(), title: z.string(), editor: person, createdAt: instant });
export const versionResource = versionLine.extend({ document, coverId: z.string().nullable(), current: z.int().meta({ description: "The version that readers see" }) });

export const versionLineOf = ({ version, title, editor, createdAt }: VersionGlance): z.output<typeof versionLine> => ({
  version,
  title,
  editor: { memberId: editor.id, name: editor.name },
  createdAt: createdAt.toISOString(),
});

export const versionResourceOf = (view: VersionView): z.output<typeof versionResource> => ({
  ...versionLineOf(view),
  document: { ...view.document },
  coverId: view.coverId,
  current: view.current,
});
