import type postgres from "postgres";

/** Longer lists make statements that are seldom the same twice; kept by name they would only fill the server's memory. */
const parametersMax = 50;

type Work = (tx: postgres.TransactionSql) => unknown;

/**
 * drizzle sends its statements unnamed: PostgreSQL parses and plans each one every time, and postgres.js needs a second round trip
 * to learn the types of its parameters. Sent by name, all that happens once a connection, which halves the time of a transaction.
 * A pooler that cannot follow named statements is served by `?prepare=false` in DATABASE_URL.
 */
export function prepared(client: postgres.Sql): postgres.Sql {
  const begin = client.begin.bind(client) as (work: Work) => Promise<unknown>;
  byName(client);
  return Object.assign(client, { begin: (work: Work) => begin((tx) => work(byNameBelow(tx))) });
}

function byNameBelow(tx: postgres.TransactionSql): postgres.TransactionSql {
  const savepoint = tx.savepoint.bind(tx) as (work: Work) => Promise<unknown>;
  byName(tx);
  return Object.assign(tx, { savepoint: (work: Work) => savepoint((inner) => work(byNameBelow(inner))) });
}

function byName(client: postgres.Sql | postgres.TransactionSql): void {
  const { unsafe } = client;
  Object.assign(client, {
    unsafe: (query: string, parameters: Parameters<typeof unsafe>[1] = [], options: postgres.UnsafeQueryOptions = {}) =>
      unsafe(query, parameters, { ...options, prepare: parameters.length <= parametersMax }),
  });
}
