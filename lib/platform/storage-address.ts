import { env } from "./env";

/** The bucket and how it is reached. */
export interface StorageSettings {
  bucket: string;
  region: string;
  accessKeyId: string;
  secretAccessKey: string;
  /** Where we reach it; undefined is Amazon's own address. */
  endpoint: string | undefined;
  /** Where browsers reach it. */
  publicEndpoint: string | undefined;
  pathStyle: boolean;
}

/** Null while no bucket is configured; half a configuration is none. */
export function storageSettings(): StorageSettings | null {
  const settings = env();
  const { S3_BUCKET: bucket, S3_ACCESS_KEY_ID: accessKeyId, S3_SECRET_ACCESS_KEY: secretAccessKey } = settings;
  if (!bucket || !accessKeyId || !secretAccessKey) return null;
  return {
    bucket,
    accessKeyId,
    secretAccessKey,
    region: settings.S3_REGION,
    endpoint: settings.S3_ENDPOINT,
    publicEndpoint: settings.S3_PUBLIC_ENDPOINT ?? settings.S3_ENDPOINT,
    pathStyle: settings.S3_PATH_STYLE,
  };
}

/**
 * The origin of every signed address, for the policy of pages; null without a bucket. Apart from the client (`storage.ts`), because every
 * page is answered with it and none of them needs the client.
 */
export function storageOrigin(): string | null {
  const settings = storageSettings();
  if (!settings) return null;
  const { bucket, region, publicEndpoint = `https://s3.${region}.amazonaws.com`, pathStyle } = settings;
  const { protocol, host, origin } = new URL(publicEndpoint);
  return pathStyle ? origin : `${protocol}//${bucket}.${host}`;
}
