import type { IncomingMessage } from "node:http";
import type { Database } from "./database";
import type { Executor } from "./executor";
import type { EventStore } from "./ingest";
import type { EngineLock } from "./lock";
import type { Registry } from "./registry";
import type { SyncState } from "./sync";

/** What every route may use. */
export interface Context {
  database: Database;
  registry: Registry;
  store: EventStore;
  sync: SyncState | undefined;
  now: () => number;
  schema: string;
  lock: EngineLock;
  executor: Executor;
}

export interface Request {
  raw: IncomingMessage;
  method: string;
  path: string;
  query: URLSearchParams;
}

export interface Reply {
  status: number;
  type?: string;
  body?: string;
  headers?: Record<string, string>;
}

export function json(status: number, value: unknown): Reply {
  return { status, type: "application/json; charset=utf-8", body: JSON.stringify(value) };
}
