/**
 * Which statements the database keeps prepared. The engine's are few and come all the time: parsing and planning them
 * anew took longer than carrying them out. What people ask has as many texts as there are questions, and would fill the
 * session without end: it is never prepared.
 */
import { type SQL, sql } from "drizzle-orm";
import type postgres from "postgres";

const MARK = "/* prepared */ ";

/** Marks a statement whose text is always the same. */
export function prepared(statement: SQL): SQL {
  return sql`${sql.raw(MARK)}${statement}`;
}

/** The client that the query builder is given: it prepares what is marked, and nothing else. */
export function prepareMarked<Client extends postgres.Sql | postgres.TransactionSql>(client: Client): Client {
  return new Proxy(client, {
    get(target, property, receiver): unknown {
      if (property === "unsafe") {
        return (text: string, parameters: never[], options: postgres.UnsafeQueryOptions) =>
          releaseParameters(target.unsafe(text, parameters, { ...options, prepare: text.startsWith(MARK) }));
      }
      if (property === "begin" && "begin" in target) {
        return (work: (tx: postgres.TransactionSql) => Promise<unknown>) =>
          target.begin((tx) => work(prepareMarked(tx)));
      }
      if (property === "savepoint" && "savepoint" in target) {
        return (work: (tx: postgres.TransactionSql) => Promise<unknown>) =>
          target.savepoint((tx) => work(prepareMarked(tx)));
      }
      return Reflect.get(target, property, receiver);
    },
  });
}

/**
 * The driver's queries refer to themselves in a way that outlives the quick collections of the runtime: without this the
 * text of all output would stay in memory until a full one.
 */
function releaseParameters<Query extends Promise<unknown>>(query: Query): Query {
  const release = (): void => void Object.assign(query, { args: [], parameters: [] });
  query.then(release, release);
  return query;
}
