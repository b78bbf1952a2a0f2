import { readFileSync } from "node:fs";

/** Where the instance under test runs; written by its start. */
export interface Run {
  app: { url: string; pid: number };
  postgres: { url: string; pid: number };
  inngest: { url: string; pid: number };
  pusher: { host: string; port: number; appId: string; key: string; secret: string };
  mail: { url: string; apiKey: string };
  atlassian: { url: string; pid: number };
  storage: { url: string; bucket: string; pid: number };
  demo: { email: string; signInUrl: string; apiToken: string };
}

export const runFile = process.env.E2E_RUN_JSON ?? ".moim/run.json";

/** Read anew each time: a restarted engine has another pid. */
export const readRun = (): Run => JSON.parse(readFileSync(runFile, "utf8")) as Run;

export const run = readRun();
