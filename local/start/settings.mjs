// @ts-check
import { isIP } from "node:net";
import { vapidPublicKey } from "./secrets.mjs";

/**
 * Which parts run here and which are hosted: an engine whose own variables are set is not started.
 * @param {import("./command.mjs").Variables} env
 */
export function chooseEngines(env) {
  return {
    postgres: !env.DATABASE_URL,
    inngest: !allOrNone(env, ["INNGEST_EVENT_KEY", "INNGEST_SIGNING_KEY"]),
    pusher: !allOrNone(env, ["PUSHER_APP_ID", "PUSHER_KEY", "PUSHER_SECRET"]),
    mail: !env.RESEND_API_KEY,
    atlassian: !allOrNone(env, ["JIRA_CLIENT_ID", "JIRA_CLIENT_SECRET"]),
    storage: !allOrNone(env, ["S3_BUCKET", "S3_ACCESS_KEY_ID", "S3_SECRET_ACCESS_KEY"]),
  };
}

/** @typedef {ReturnType<typeof chooseEngines>} Engines */

/**
 * Half a configuration would silently talk to the wrong server.
 * @param {import("./command.mjs").Variables} env
 * @param {string[]} names
 */
function allOrNone(env, names) {
  const missing = names.filter((name) => !env[name]);
  if (missing.length === 0) return true;
  if (missing.length === names.length) return false;
  throw new Error(`Set all of ${names.join(", ")} or none of them; missing: ${missing.join(", ")}`);
}

/**
 * HOST decides who may reach the app. Some shells set a HOST of their own (the machine's name); those are passed over.
 * @param {import("./command.mjs").Variables} env
 */
export function chooseHost(env) {
  return env.HOST && (env.HOST === "localhost" || isIP(env.HOST)) ? env.HOST : "127.0.0.1";
}

/** Where this machine itself reaches the app. @param {string} host */
export function reachableHost(host) {
  if (["0.0.0.0", "::", "localhost", "127.0.0.1"].includes(host)) return "127.0.0.1";
  return host.includes(":") ? `[${host}]` : host;
}

/** Where pages of the app come from: its own origin, and the other name of this machine when it is one. @param {string} appUrl */
export function pageOrigins(appUrl) {
  const url = new URL(appUrl);
  const names = ["localhost", "127.0.0.1"];
  if (!names.includes(url.hostname)) return [url.origin];
  return names.map((name) => `${url.protocol}//${name}${url.port && `:${url.port}`}`);
}

/**
 * The application's environment: what the caller set wins over what is made here.
 * @param {{
 *   env: import("./command.mjs").Variables,
 *   engines: Engines,
 *   secrets: import("./secrets.mjs").Secrets,
 *   ports: import("./chosen-ports.mjs").Ports,
 *   host: string,
 *   databaseUrl: string,
 *   dataDir: string,
 *   dev: boolean,
 * }} from
 * @returns {import("./command.mjs").Variables}
 */
export function appEnv({ env, engines, secrets, ports, host, databaseUrl, dataDir, dev }) {
  const appUrl = env.APP_URL || `http://localhost:${ports.app}`;
  return {
    NEXTAUTH_SECRET: secrets.NEXTAUTH_SECRET,
    LINK_SECRET: secrets.LINK_SECRET,
    METRICS_TOKEN: secrets.METRICS_TOKEN,
    ENCRYPTION_KEYS: secrets.ENCRYPTION_KEYS,
    MAIL_FROM: "Moim <moim@moim.example>",
    // Which Node is good enough is decided in package.json; the SDK would say otherwise on every start.
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
    // Browsers subscribe to one public key for good: half of a pair must not be replaced by half of another.
    ...(!allOrNone(env, ["VAPID_PUBLIC_KEY", "VAPID_PRIVATE_KEY"]) && {
      VAPID_PUBLIC_KEY: vapidPublicKey(secrets.VAPID_PRIVATE_KEY),
      VAPID_PRIVATE_KEY: secrets.VAPID_PRIVATE_KEY,
    }),
    ...env,
    NODE_ENV: dev ? "development" : "production",
    NEXT_TELEMETRY_DISABLED: "1",
    DO_NOT_TRACK: "1",
    MOIM_DATA: dataDir,
    MOIM_PARENT_PID: String(process.pid),
    PORT: String(ports.app),
    HOSTNAME: host,
    APP_URL: appUrl,
    NEXTAUTH_URL: env.NEXTAUTH_URL || appUrl,
    DATABASE_URL: databaseUrl,
    ...(engines.inngest && {
      INNGEST_DEV: `http://127.0.0.1:${ports.inngest}`,
      INNGEST_CALLER_SECRET: secrets.INNGEST_CALLER_SECRET,
    }),
    ...(engines.mail && {
      RESEND_API_KEY: secrets.RESEND_API_KEY,
      RESEND_WEBHOOK_SECRET: secrets.RESEND_WEBHOOK_SECRET,
      RESEND_BASE_URL: `http://127.0.0.1:${ports.mail}`,
    }),
    ...(engines.atlassian && {
      JIRA_CLIENT_ID: secrets.JIRA_CLIENT_ID,
      JIRA_CLIENT_SECRET: secrets.JIRA_CLIENT_SECRET,
      ATLASSIAN_AUTH_URL: `http://127.0.0.1:${ports.atlassian}`,
      ATLASSIAN_API_URL: `http://127.0.0.1:${ports.atlassian}`,
    }),
    // S3_PUBLIC_ENDPOINT stays the caller's: a proxy may show the storage under another name.
    ...(engines.storage && {
      S3_ENDPOINT: `http://127.0.0.1:${ports.storage}`,
      S3_REGION: "us-east-1",
      S3_BUCKET: "moim-media",
      S3_ACCESS_KEY_ID: secrets.S3_ACCESS_KEY_ID,
      S3_SECRET_ACCESS_KEY: secrets.S3_SECRET_ACCESS_KEY,
      S3_PATH_STYLE: "true",
    }),
    ...(engines.pusher && {
      PUSHER_APP_ID: secrets.PUSHER_APP_ID,
      PUSHER_KEY: secrets.PUSHER_KEY,
      PUSHER_SECRET: secrets.PUSHER_SECRET,
      PUSHER_CLUSTER: "local",
      PUSHER_HOST: "127.0.0.1",
      PUSHER_PORT: String(ports.pusher),
      PUSHER_TLS: "false",
    }),
  };
}
