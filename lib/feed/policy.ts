import type { Member } from "@/lib/organizations/actor";
import type { Posting } from "./feeds/bounds/inputs";

interface Person {
  id: string;
  role: Member["role"];
}

/**
 * Who may do what in the news of a workspace that they are in. Whether they are in it is asked of the database each time
 * (`access/queries.ts`): nobody reads or manages the news of a workspace from outside, admins neither; they may join it.
 */
export const mayManageFeeds = (person: Pick<Person, "role">) => person.role !== "member";

export const mayPublish = (person: Pick<Person, "role">, feed: { posting: Posting; archivedAt: Date | null }) =>
  feed.archivedAt === null && (feed.posting === "members" || mayManageFeeds(person));

/** Change, archive, restore, delete, open and close comments. */
export const mayEditArticle = (person: Person, article: { authorId: string }) => article.authorId === person.id || mayManageFeeds(person);

/** What is not published is its author's alone; once it has an instant, those who manage the workspace's news may see and stop it, too. */
export const maySeeUnpublished = (person: Person, article: { authorId: string; publishAt: Date | null }) =>
  article.authorId === person.id || (article.publishAt !== null && mayManageFeeds(person));

export const mayPin = mayManageFeeds;

/** Who has and who has not said that they read it. */
export const maySeeReaders = mayEditArticle;

export const mayEditComment = (person: Person, comment: { authorId: string }) => comment.authorId === person.id;

export const mayDeleteComment = (person: Person, comment: { authorId: string }) => comment.authorId === person.id || mayManageFeeds(person);
