/** Where one device is reached: a browser's subscription (https://www.w3.org/TR/push-api/), or a phone app's registration. */
export type PushTarget = { kind: "webpush"; endpoint: string; p256dh: string; auth: string } | { kind: "fcm"; token: string };

/** How soon it is worth waking the device (RFC 8030, 5.3). */
export type Urgency = "very-low" | "low" | "normal" | "high";

/** What the service worker or the phone app shows. Push services take 4096 bytes with all that encryption adds (RFC 8291, 4). */
export interface PushNotice {
  title: string;
  /** Left out for who wants no words on the lock screen. */
  body?: string;
  /** Path of the page it leads to. */
  url: string;
  /** One notice of a tag is shown at a time; the newer replaces the older. */
  tag: string;
  receiverId: string | null;
  organization: string;
  /** When it happened, in milliseconds: one that comes late does not replace what is newer. */
  at: number;
  badge: { unread: number; version: number };
}

export interface Push {
  notice: PushNotice;
  /** How long the push service keeps it for a device that is off. Always said: without it some drop it at once. */
  ttlSeconds: number;
  /** At most 32 characters of base64url (RFC 8030, 5.4): waiting at the push service, a newer one replaces the older. */
  topic: string | null;
  urgency: Urgency;
}
