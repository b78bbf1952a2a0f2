import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openStorage, type StorageEngine, type StorageOptions } from "./server";

export interface StorageUnderTest extends StorageEngine {
  dataDir: string;
  bucket: string;
  credentials: { accessKeyId: string; secretAccessKey: string };
  region: string;
  /** Closes it and removes what it kept. */
  stop: () => Promise<void>;
}

/**
 * A storage of its own in this process, on a free port over a temporary folder. It sets `S3_*`, which the application reads once: begin it
 * at the top of the test file (`const storage = await startStorage()`), and stop it in `afterAll`.
 */
export async function startStorage(options: Partial<StorageOptions> = {}): Promise<StorageUnderTest> {
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), "moim-storage-")));
  const chosen: StorageOptions = {
    port: 0,
    bucket: "media-of-tests",
    region: "us-east-1",
    accessKeyId: "AKIAOFTESTS",
    secretAccessKey: "secret-of-tests-that-is-long",
    allowedOrigins: ["http://localhost:3000"],
    ...options,
    dataDir,
  };
  const { bucket, region, accessKeyId, secretAccessKey } = chosen;
  const engine = await openStorage(chosen);
  Object.assign(process.env, {
    S3_ENDPOINT: engine.url,
    S3_PUBLIC_ENDPOINT: "",
    S3_REGION: region,
    S3_BUCKET: bucket,
    S3_ACCESS_KEY_ID: accessKeyId,
    S3_SECRET_ACCESS_KEY: secretAccessKey,
    S3_PATH_STYLE: "true",
  });
  return {
    ...engine,
    dataDir,
    bucket,
    region,
    credentials: { accessKeyId, secretAccessKey },
    async stop() {
      await engine.close();
      if (options.dataDir === undefined) await rm(dataDir, { recursive: true, force: true });
    },
  };
}
