import { and, desc, eq, sql } from "drizzle-orm";
import { displayName } from "@/lib/platform/auth/people";
import { users } from "@/lib/platform/auth/tables";
import { inTenant, type Tx } from "@/lib/platform/db/client";
import { Refused } from "@/lib/platform/errors";
import type { Member } from "@/lib/organizations/actor";
import { members } from "@/lib/organizations/tables";
import { mentionsIn } from "../../document/rules";
import { namesOf } from "../../document/people/queries";
import type { MediaView } from "../../media/mappings";
import { mediaOf } from "../../media/queries";
import { mediaOfContent, type Content } from "../rules";
import { articleVersions } from "../tables";
import { managedArticle } from "../visible/queries";

export interface VersionGlance {
  version: number;
  title: string;
  editor: { id: string; name: string };
  createdAt: Date;
}

const versionsMax = 500;

const glance = {
  version: articleVersions.version,
  title: articleVersions.title,
  editor: { id: articleVersions.editorId, name: users.name, email: users.email },
  createdAt: articleVersions.createdAt,
};

/** What was published, the newest first; for whoever may change the article. @throws Refused NOT_FOUND, ARTICLE_GONE, FORBIDDEN. */
export function articleHistory(member: Member, articleId: string): Promise<VersionGlance[]> {
  return inTenant(member, async (tx) => {
    await managedArticle(tx, member, articleId);
    const rows = await tx
      .select(glance)
      .from(articleVersions)
      .innerJoin(members, eq(members.id, articleVersions.editorId))
      .innerJoin(users, eq(users.id, members.userId))
      .where(eq(articleVersions.articleId, articleId))
      .orderBy(desc(articleVersions.version))
      .limit(versionsMax);
    return rows.map(named);
  });
}

export interface VersionView extends VersionGlance, Content {
  /** The one that readers see. */
  current: number;
  media: Map<string, MediaView>;
  people: Map<string, string>;
}

/** One version as it was. @throws Refused NOT_FOUND, ARTICLE_GONE, FORBIDDEN. */
export function articleVersion(member: Member, articleId: string, version: number): Promise<VersionView> {
  return inTenant(member, async (tx) => {
    const article = await managedArticle(tx, member, articleId);
    const content = await versionContent(tx, articleId, version);
    const [row] = await tx
      .select(glance)
      .from(articleVersions)
      .innerJoin(members, eq(members.id, articleVersions.editorId))
      .innerJoin(users, eq(users.id, members.userId))
      .where(and(eq(articleVersions.articleId, articleId), eq(articleVersions.version, version)));
    if (!row) throw new Refused("NOT_FOUND");
    return {
      ...named(row),
      ...content,
      current: article.version,
      media: await mediaOf(tx, member, mediaOfContent(content)),
      people: await namesOf(tx, member, mentionsIn(content.document)),
    };
  });
}

/** @throws Refused NOT_FOUND. */
export async function versionContent(tx: Tx, articleId: string, version: number): Promise<Content> {
  const known = Number.isInteger(version) && version > 0 && version < 2 ** 31;
  const [row] = known
    ? await tx
        .select({ title: articleVersions.title, document: articleVersions.document, coverId: articleVersions.coverId })
        .from(articleVersions)
        .where(and(eq(articleVersions.articleId, articleId), eq(articleVersions.version, version)))
    : [];
  if (!row) throw new Refused("NOT_FOUND");
  return row;
}

/** Everybody whom a version has mentioned: they were told then. */
export async function mentionedBefore(tx: Tx, articleId: string): Promise<Set<string>> {
  const rows = await tx.execute<{ id: string }>(sql`
    select distinct found #>> '{}' as id from ${articleVersions}, jsonb_path_query(${articleVersions.document}, '$.**.attrs.memberId') as found
    where ${articleVersions.articleId} = ${articleId}`);
  return new Set(rows.map(({ id }) => id));
}

const named = ({ editor, ...row }: Omit<VersionGlance, "editor"> & { editor: { id: string; name: string | null; email: string } }): VersionGlance => ({
  ...row,
  editor: { id: editor.id, name: displayName(editor) },
});
