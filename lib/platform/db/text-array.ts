import { sql, type SQL } from "drizzle-orm";

/** One text[] parameter; drizzle would otherwise spread a list into as many parameters as it has entries. */
export const textArray = (values: (string | null)[]): SQL => sql`${sql.param(values)}::text[]`;
