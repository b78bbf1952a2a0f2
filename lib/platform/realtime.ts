import Pusher from "pusher";
import { env } from "./env";
import { isRetryable, providerAnswersWithinMs, refusedAnswer, type ProviderAnswer } from "./provider";

export interface RealtimeMessage {
  channel: string;
  event: string;
  data: Record<string, unknown>;
}

/** Pusher takes at most ten events in one batch call (https://pusher.com/docs/channels/library_auth_reference/rest-api/). */
export const realtimeBatch = 10;
let client: Pusher | undefined;

function pusher(): Pusher {
  const settings = env();
  client ??= new Pusher({
    appId: settings.PUSHER_APP_ID,
    key: settings.PUSHER_KEY,
    secret: settings.PUSHER_SECRET,
    useTLS: settings.PUSHER_HOST ? settings.PUSHER_TLS : true,
    timeout: providerAnswersWithinMs,
    ...(settings.PUSHER_HOST
      ? { host: settings.PUSHER_HOST, port: settings.PUSHER_PORT?.toString() }
      : { cluster: settings.PUSHER_CLUSTER }),
  } as Pusher.Options);
  return client;
}

/** Publishes up to `realtimeBatch` messages in one call; the whole batch is accepted or refused. */
export async function publishRealtime(messages: RealtimeMessage[]): Promise<ProviderAnswer> {
  try {
    const response = await pusher().triggerBatch(
      messages.map(({ channel, event, data }) => ({ channel, name: event, data: JSON.stringify(data) })),
    );
    return { ok: true, statusCode: response.status, providerId: null, retryable: false, retryAfterSeconds: null, answer: "published" };
  } catch (error) {
    const statusCode = error instanceof Pusher.RequestError ? (error.status ?? null) : null;
    const words = error instanceof Pusher.RequestError ? `${error.message} ${error.body ?? ""}`.trim() : String(error);
    return refusedAnswer(statusCode, isRetryable(statusCode), words);
  }
}

/** Signs a browser's wish to hear a private channel; the caller has already checked that it may. */
export function authorizeChannel(socketId: string, channel: string): { auth: string } {
  return pusher().authorizeChannel(socketId, channel);
}

/** What a browser needs to connect; nothing in it is secret. */
export interface RealtimeSettings {
  key: string;
  cluster: string;
  host: string | null;
  port: number | null;
  tls: boolean;
}

export function realtimeSettings(): RealtimeSettings {
  const settings = env();
  return {
    key: settings.PUSHER_KEY,
    cluster: settings.PUSHER_CLUSTER,
    host: settings.PUSHER_HOST ?? null,
    port: settings.PUSHER_PORT ?? null,
    tls: settings.PUSHER_HOST ? settings.PUSHER_TLS : true,
  };
}

/** The private channel of one member: their inbox, on every tab and device. */
export const memberChannel = (memberId: string) => `private-member-${memberId}`;

/** The private channel of all members of one organization. */
export const organizationChannel = (organizationId: string) => `private-organization-${organizationId}`;

/** The private channel of whoever is in one workspace: what its news pages show has changed. */
export const workspaceChannel = (workspaceId: string) => `private-workspace-${workspaceId}`;

/** The private channel of whoever has one article open. */
export const articleChannel = (articleId: string) => `private-article-${articleId}`;

/** Whether the realtime provider answers our credentials. @throws when it does not. */
export async function pingRealtime(): Promise<void> {
  await pusher().get({ path: "/channels", params: {} });
}
