import { z } from "zod";
import { refuseToStart, stopWhenAsked } from "../engine/lifetime";
import { log } from "./log";
import { openStorage } from "./server";

const environmentSchema = z.object({
  PORT: z.coerce.number().int().min(0).max(65_535).default(8_040),
  STORAGE_DATA: z.string().min(1),
  S3_BUCKET: z.string().regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, "must be 3 to 63 characters of a-z, 0-9, - and ."),
  S3_REGION: z.string().min(1).default("us-east-1"),
  S3_ACCESS_KEY_ID: z.string().regex(/^[^/\s]+$/),
  S3_SECRET_ACCESS_KEY: z.string().min(16),
  /** Of the pages that may upload; several separated by commas. */
  STORAGE_ALLOWED_ORIGINS: z.string().default("").transform((list) => list.split(",").map((origin) => origin.trim()).filter(Boolean)),
  STORAGE_MAX_BYTES: z.coerce.number().int().positive().optional(),
  MOIM_PARENT_PID: z.coerce.number().int().positive().optional(),
});

async function main(): Promise<void> {
  const environment = environmentSchema.safeParse(process.env);
  if (!environment.success) return refuseToStart("storage", z.prettifyError(environment.error));
  const { PORT, STORAGE_DATA, STORAGE_ALLOWED_ORIGINS, STORAGE_MAX_BYTES, MOIM_PARENT_PID, ...own } = environment.data;
  try {
    const engine = await openStorage({
      port: PORT,
      dataDir: STORAGE_DATA,
      bucket: own.S3_BUCKET,
      region: own.S3_REGION,
      accessKeyId: own.S3_ACCESS_KEY_ID,
      secretAccessKey: own.S3_SECRET_ACCESS_KEY,
      allowedOrigins: STORAGE_ALLOWED_ORIGINS,
      mostBytes: STORAGE_MAX_BYTES,
    });
    stopWhenAsked(engine, MOIM_PARENT_PID, (reason) => log("error", "could not close cleanly", { reason }));
    process.stdout.write(`${JSON.stringify({ ready: true, engine: "storage", url: engine.url, port: engine.port })}\n`);
  } catch (error) {
    refuseToStart("storage", error instanceof Error ? error.message : String(error));
  }
}

await main();
