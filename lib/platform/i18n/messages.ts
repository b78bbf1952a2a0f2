import type { Locale } from "./locales";

/** Every namespace of messages: one file per language in `messages/<locale>/`. A new one is added here, and only here. */
const english = {
  auth: () => import("./messages/en/auth.json"),
  common: () => import("./messages/en/common.json"),
  comments: () => import("./messages/en/comments.json"),
  console: () => import("./messages/en/console.json"),
  dashboard: () => import("./messages/en/dashboard.json"),
  editor: () => import("./messages/en/editor.json"),
  endpoints: () => import("./messages/en/endpoints.json"),
  faults: () => import("./messages/en/faults.json"),
  grants: () => import("./messages/en/grants.json"),
  inbox: () => import("./messages/en/inbox.json"),
  integrations: () => import("./messages/en/integrations.json"),
  issues: () => import("./messages/en/issues.json"),
  leaving: () => import("./messages/en/leaving.json"),
  mail: () => import("./messages/en/mail.json"),
  media: () => import("./messages/en/media.json"),
  meetings: () => import("./messages/en/meetings.json"),
  news: () => import("./messages/en/news.json"),
  notifications: () => import("./messages/en/notifications.json"),
  organizations: () => import("./messages/en/organizations.json"),
  push: () => import("./messages/en/push.json"),
  preferences: () => import("./messages/en/preferences.json"),
  receipts: () => import("./messages/en/receipts.json"),
  refusals: () => import("./messages/en/refusals.json"),
  rsvp: () => import("./messages/en/rsvp.json"),
  search: () => import("./messages/en/search.json"),
  settings: () => import("./messages/en/settings.json"),
  shell: () => import("./messages/en/shell.json"),
  subscriptions: () => import("./messages/en/subscriptions.json"),
  templates: () => import("./messages/en/templates.json"),
  workspaces: () => import("./messages/en/workspaces.json"),
};

export type Namespace = keyof typeof english;
/** The English files are the type of all: a key that is not in them does not compile. */
export type Messages = { [N in Namespace]: Awaited<ReturnType<(typeof english)[N]>>["default"] };

export const namespaces = Object.keys(english) as Namespace[];

const loaded = new Map<Locale, Promise<Messages>>();

/** All messages of one language; also for mails, which are written outside a request (`createTranslator` of next-intl). */
export function messagesOf(locale: Locale): Promise<Messages> {
  const known = loaded.get(locale);
  if (known) return known;
  const loading = load(locale);
  loaded.set(locale, loading);
  return loading;
}

async function load(locale: Locale): Promise<Messages> {
  const entries = await Promise.all(
    namespaces.map(async (namespace) => {
      const file: { default: unknown } =
        locale === "en" ? await english[namespace]() : await import(`./messages/${locale}/${namespace}.json`);
      return [namespace, file.default] as const;
    }),
  );
  return Object.fromEntries(entries) as Messages;
}
