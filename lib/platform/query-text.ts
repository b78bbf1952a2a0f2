/** One value of a page's query: repeated names and absent ones are the same to a page, nothing. */
export type PageQuery = Promise<Record<string, string | string[] | undefined>>;

export async function queryText(query: PageQuery, name: string): Promise<string | undefined> {
  const value = (await query)[name];
  return typeof value === "string" ? value : undefined;
}
