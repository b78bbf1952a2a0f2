import { defaultLimits, type Limits } from "./limits";

export interface AppCredentials {
  /** Numeric, as a string. */
  id: string;
  key: string;
  secret: string;
}

export interface WebhookSettings {
  url: string;
  /** How long "vacated" and "removed" are held back, waiting for a reconnect. */
  holdMs: number;
  retryBaseMs: number;
  retryForMs: number;
  requestTimeoutMs: number;
  /** Events waiting for delivery; above it the oldest are dropped. */
  queuedEvents: number;
}

export interface PusherSettings {
  app: AppCredentials;
  /** 0 lets the system choose. */
  port: number;
  /** A disabled application refuses every connection with 4003 and every request with 403. */
  disabled: boolean;
  clientEvents: boolean;
  subscriptionCount: boolean;
  webhook?: WebhookSettings;
  limits: Limits;
}

export interface PusherOptions {
  app: AppCredentials;
  port?: number;
  disabled?: boolean;
  clientEvents?: boolean;
  subscriptionCount?: boolean;
  webhook?: Partial<WebhookSettings> & { url: string };
  limits?: Partial<Limits>;
}

const defaultWebhook = {
  holdMs: 3_000,
  retryBaseMs: 1_000,
  retryForMs: 300_000,
  requestTimeoutMs: 10_000,
  queuedEvents: 10_000,
};

export class InvalidSetting extends Error {}

export function completeSettings(options: PusherOptions): PusherSettings {
  const { app, webhook } = options;
  if (!/^\d+$/.test(app.id)) throw new InvalidSetting("The application id must be numeric.");
  if (app.key === "" || /[:/?#\s]/.test(app.key)) {
    throw new InvalidSetting("The application key must be non-empty and free of ':', '/', '?', '#' and spaces.");
  }
  if (app.secret === "") throw new InvalidSetting("The application secret must not be empty.");
  if (webhook && !isHttpUrl(webhook.url)) throw new InvalidSetting("The webhook URL must be an http or https URL.");
  return {
    app,
    port: options.port ?? 0,
    disabled: options.disabled ?? false,
    clientEvents: options.clientEvents ?? true,
    subscriptionCount: options.subscriptionCount ?? false,
    ...(webhook && { webhook: { ...defaultWebhook, ...webhook } }),
    limits: { ...defaultLimits, ...options.limits },
  };
}

/** The settings that an operator may give by environment variable. */
export function optionsFromEnvironment(env: NodeJS.ProcessEnv): PusherOptions {
  const limits: Partial<Limits> = {};
  for (const [variable, limit] of Object.entries(limitVariables)) {
    if (env[variable]) limits[limit] = wholeNumber(env, variable, 1);
  }
  return {
    app: {
      id: required(env, "PUSHER_APP_ID"),
      key: required(env, "PUSHER_KEY"),
      secret: required(env, "PUSHER_SECRET"),
    },
    port: env.PORT ? wholeNumber(env, "PORT", 0) : 6001,
    disabled: flag(env, "PUSHER_DISABLED", false),
    clientEvents: flag(env, "PUSHER_CLIENT_EVENTS", true),
    subscriptionCount: flag(env, "PUSHER_SUBSCRIPTION_COUNT", false),
    ...(env.PUSHER_WEBHOOK_URL && { webhook: { url: env.PUSHER_WEBHOOK_URL } }),
    limits,
  };
}

const limitVariables = {
  PUSHER_MAX_CONNECTIONS: "connections",
  PUSHER_MAX_SUBSCRIPTIONS: "subscriptionsPerConnection",
  PUSHER_MAX_BUFFERED_BYTES: "bufferedBytes",
  PUSHER_MAX_PRESENCE_MEMBERS: "presenceMembers",
  PUSHER_MAX_DATA_BYTES: "dataBytes",
  PUSHER_CLIENT_EVENTS_PER_SECOND: "clientEventsPerSecond",
  PUSHER_ACTIVITY_TIMEOUT_MS: "activityTimeoutMs",
  PUSHER_PONG_TIMEOUT_MS: "pongTimeoutMs",
} as const satisfies Record<string, keyof Limits>;

function required(env: NodeJS.ProcessEnv, name: string): string {
  const value = env[name];
  if (!value) throw new InvalidSetting(`${name} is not set.`);
  return value;
}

function wholeNumber(env: NodeJS.ProcessEnv, name: string, least: number): number {
  const value = Number(env[name]);
  if (!Number.isSafeInteger(value) || value < least) {
    throw new InvalidSetting(`${name} must be a whole number of at least ${least}.`);
  }
  return value;
}

function flag(env: NodeJS.ProcessEnv, name: string, otherwise: boolean): boolean {
  const value = env[name];
  if (value === undefined || value === "") return otherwise;
  if (value === "true") return true;
  if (value === "false") return false;
  throw new InvalidSetting(`${name} must be "true" or "false".`);
}

function isHttpUrl(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}
