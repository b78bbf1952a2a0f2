/** One value of a page's query: repeated names and absent ones are the same to a page, nothing. */
export type PageQuery = Promise<Record<string, string | string[] | undefined>>;

export async function queryText(query: PageQuery, name: string): Promise<string | undefined> {
  const value = (await query)[name];
  // PostgreSQL holds no U+0000, so nothing can be found by it.
  return typeof value === "string" && !value.includes("\u0000") ? value : undefined;
}
