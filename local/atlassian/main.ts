import { z } from "zod";
import { refuseToStart, stopWhenAsked } from "../engine/lifetime";
import { log } from "./log";
import { openAtlassian } from "./server";

const environmentSchema = z.object({
  PORT: z.coerce.number().int().min(0).max(65_535).default(8_030),
  ATLASSIAN_DATA: z.string().min(1),
  JIRA_CLIENT_ID: z.string().min(1),
  JIRA_CLIENT_SECRET: z.string().min(1),
  /** Where a consent may lead back to, exactly; several separated by commas. */
  ATLASSIAN_REDIRECT_URI: z.string().transform((list) => list.split(",").map((uri) => uri.trim())).pipe(z.array(z.url())),
  ATLASSIAN_APP_NAME: z.string().min(1).default("Moim"),
  MOIM_PARENT_PID: z.coerce.number().int().positive().optional(),
});

async function main(): Promise<void> {
  const environment = environmentSchema.safeParse(process.env);
  if (!environment.success) return refuseToStart("atlassian", z.prettifyError(environment.error));
  const { PORT, ATLASSIAN_DATA, JIRA_CLIENT_ID, JIRA_CLIENT_SECRET, ATLASSIAN_REDIRECT_URI, ATLASSIAN_APP_NAME, MOIM_PARENT_PID } = environment.data;
  try {
    const engine = await openAtlassian({
      port: PORT,
      dataDir: ATLASSIAN_DATA,
      client: { id: JIRA_CLIENT_ID, secret: JIRA_CLIENT_SECRET, redirectUris: ATLASSIAN_REDIRECT_URI, name: ATLASSIAN_APP_NAME },
    });
    stopWhenAsked(engine, MOIM_PARENT_PID, (reason) => log("error", "could not close cleanly", { reason }));
    process.stdout.write(`${JSON.stringify({ ready: true, engine: "atlassian", url: engine.url, port: engine.port })}\n`);
  } catch (error) {
    refuseToStart("atlassian", error instanceof Error ? error.message : String(error));
  }
}

await main();
