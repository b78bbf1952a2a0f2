import { DrizzleQueryError } from "drizzle-orm/errors";
import postgres from "postgres";

/**
 * drizzle writes the values of a query into the message of its failure, and PostgreSQL the row that it refused into the details: names,
 * addresses, texts. Taken out of the error itself, so that whatever prints it (a log, Next, a test) cannot show them.
 */
export function withoutParameters<T>(error: T): T {
  if (error instanceof DrizzleQueryError) {
    const said = error.message;
    error.message = `Failed query: ${error.query}`;
    error.params = [];
    error.stack = error.stack?.replace(said, () => error.message);
    withoutParameters(error.cause);
  } else if (error instanceof postgres.PostgresError) {
    const said = error.message;
    // Class 22: the value itself is what is wrong, and is quoted.
    if (error.code.startsWith("22")) error.message = said.replace(/: ".*$/s, "");
    error.stack = error.stack?.replace(said, () => error.message);
    for (const name of ["detail", "where"]) Reflect.deleteProperty(error, name);
  }
  return error;
}
