import type { BrowserName } from "@/lib/platform/browser-name";
import type { PushTarget, Urgency } from "@/lib/platform/push-message";
import type { NotificationType } from "../catalog";
import type { Category } from "../inputs";
import { pathOf } from "../paths";

/** More than anybody carries; who comes to it has old ones to remove. */
export const devicesMax = 20;

/** P-256: y² = x³ - 3x + b over the field of p (SEC 2, 2.4.2). */
const p = 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n;
const b = 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn;

/** Base64 has two marks of padding at most. Any number of them would be sought anew at each of a million, which takes minutes. */
const canonical = (key: string) => key.replaceAll("+", "-").replaceAll("/", "_").replace(/={1,2}$/, "");

/** Base64url as browsers give it; padding and the other alphabet are taken, too. Null when it is neither. */
export function bytesOf(key: string): Uint8Array | null {
  const text = canonical(key);
  if (!/^[\w-]+$/.test(text) || text.length % 4 === 1) return null;
  return Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
}

export const canonicalKey = canonical;

/**
 * A browser's public key: an uncompressed point that lies on the curve (RFC 8291, 3.1). Encryption to one that does not would fail, or
 * worse, when the first notification is due.
 */
export function isPublicKey(key: string): boolean {
  const bytes = bytesOf(key);
  if (bytes?.length !== 65 || bytes[0] !== 4) return false;
  const x = numberOf(bytes.subarray(1, 33));
  const y = numberOf(bytes.subarray(33));
  return x < p && y < p && (y * y - (x * x * x - 3n * x + b)) % p === 0n;
}

/** The subscription's shared secret: 16 bytes (RFC 8291, 3.2). */
export const isAuthSecret = (key: string) => bytesOf(key)?.length === 16;

const numberOf = (bytes: Uint8Array) => bytes.reduce((number, byte) => number * 256n + BigInt(byte), 0n);

/** What a device is called until its owner names it. */
export const guessedName = ({ browser, system }: BrowserName) => [browser, system].filter(Boolean).join(" · ") || "Web";

/** Whether a device shows what happens in `workspaceId`: one that stands in a workspace shows that one and what concerns everybody. */
export const standsIn = (device: { workspaceId: string | null }, workspaceId: string | null) =>
  device.workspaceId === null || workspaceId === null || device.workspaceId === workspaceId;

/** The page that a notification leads to, as a path. */
export function pageOf(type: NotificationType, { subjectId, payload }: { subjectId: string; payload: Record<string, unknown> }, organizationSlug: string): string {
  const home = `/${organizationSlug}`;
  switch (type) {
    case "meeting.invited":
    case "meeting.updated":
    case "meeting.cancelled":
    case "meeting.responded":
    case "meeting.reminder":
      return `${home}/meetings/${subjectId}`;
    case "notification.published":
      return `${home}/announcements/${subjectId}`;
    case "member.joined":
    case "member.invited":
      return `${home}/settings/members`;
    case "device.added":
    case "mail.stopped":
      return `${home}/settings/notifications`;
    case "jira.issue.created":
    case "jira.issue.updated":
    case "jira.issue.deleted":
    case "jira.comment.created":
    case "plugin.event":
    case "connection.broken":
    case "account.unlinked":
    case "subscription.paused":
    case "article.published":
    case "article.mentioned":
    case "comment.added":
    case "comment.replied":
    case "comment.mentioned":
    case "article.liked":
    case "article.acknowledgement-due":
      return `${home}${pathOf(type, subjectId, payload) ?? "/inbox"}`;
    // The meeting is not theirs any more; the inbox says what became of it.
    case "meeting.removed":
    case "bundle.daily":
    case "bundle.weekly":
    case "bundle.released":
      return `${home}/inbox`;
  }
}

const hour = 60 * 60;

/** How long it is worth delivering, and how soon the device should be woken for it (RFC 8030, 5.2 and 5.3). */
const handling: Record<Category, { ttlSeconds: number; urgency: Urgency }> = {
  invitations: { ttlSeconds: 72 * hour, urgency: "normal" },
  mentions: { ttlSeconds: 24 * hour, urgency: "normal" },
  changes: { ttlSeconds: 24 * hour, urgency: "normal" },
  answers: { ttlSeconds: 12 * hour, urgency: "low" },
  reminders: { ttlSeconds: hour, urgency: "high" },
  news: { ttlSeconds: 24 * hour, urgency: "low" },
  comments: { ttlSeconds: 24 * hour, urgency: "normal" },
  likes: { ttlSeconds: 12 * hour, urgency: "low" },
  issues: { ttlSeconds: 12 * hour, urgency: "low" },
  announcements: { ttlSeconds: 24 * hour, urgency: "normal" },
  membership: { ttlSeconds: 24 * hour, urgency: "low" },
  integrations: { ttlSeconds: 24 * hour, urgency: "normal" },
  security: { ttlSeconds: 72 * hour, urgency: "high" },
};

/** What expires is not kept beyond that: a reminder ends when its meeting starts. */
export function handlingOf(category: Category, expiresAt: Date | null, now: Date): { ttlSeconds: number; urgency: Urgency } {
  const { ttlSeconds, urgency } = handling[category];
  if (!expiresAt) return { ttlSeconds, urgency };
  return { ttlSeconds: Math.max(0, Math.floor((expiresAt.getTime() - now.getTime()) / 1000)), urgency };
}

/** Several services behind one channel: a browser could name an address that never answers, and the others must not suffer for it. */
export const pushProviders = ["push-google", "push-mozilla", "push-apple", "push-windows", "push-other", "fcm"] as const;

const services: [RegExp, (typeof pushProviders)[number]][] = [
  [/(^|\.)googleapis\.com$/, "push-google"],
  [/(^|\.)push\.services\.mozilla\.com$/, "push-mozilla"],
  [/(^|\.)push\.apple\.com$/, "push-apple"],
  [/(^|\.)notify\.windows\.com$/, "push-windows"],
];

export function providerOfTarget(target: PushTarget): (typeof pushProviders)[number] {
  if (target.kind === "fcm") return "fcm";
  const hostname = URL.canParse(target.endpoint) ? new URL(target.endpoint).hostname : "";
  return services.find(([host]) => host.test(hostname))?.[1] ?? "push-other";
}
