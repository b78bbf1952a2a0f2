// The service worker of push: shows what arrives, opens its page when it is tapped, and keeps the subscription alive. It stands at
// the root so that every page is in its scope; it answers no requests, so pages load as if it were not there.

const worker = self;
const icon = "/icon-192.png";
const badgeIcon = "/badge-96.png";

worker.addEventListener("install", () => void worker.skipWaiting());
worker.addEventListener("activate", (event) => event.waitUntil(worker.clients.claim()));

worker.addEventListener("push", (event) => {
  const notice = noticeOf(event.data);
  event.waitUntil(Promise.all([show(notice), count(notice.badge), remember(notice.organization)]));
});

/** Browsers take the permission away from who receives and shows nothing, so something is always shown. */
function noticeOf(data) {
  try {
    const notice = data.json();
    if (typeof notice.title === "string" && typeof notice.url === "string") return notice;
  } catch {
    // Falls through to what can always be said.
  }
  return { title: "Moim", url: "/", tag: "moim", receiverId: null, organization: null, at: 0, badge: null };
}

/** One notice of a tag is on the screen at a time. One that was delayed on its way does not replace what is newer. */
async function show(notice) {
  const shown = await worker.registration.getNotifications({ tag: notice.tag });
  const newer = shown.map(({ data }) => data).find((data) => data && data.at > notice.at);
  const { title, body, tag, ...rest } = newer ?? notice;
  await worker.registration.showNotification(title, { body, tag, icon, badge: badgeIcon, renotify: false, data: { title, body, tag, ...rest } });
}

worker.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const notice = event.notification.data ?? { url: "/" };
  event.waitUntil(Promise.all([open(notice.url), markRead(notice)]));
});

/** A tab that shows the page already comes to the front; others are left alone, because somebody may be writing in them. */
async function open(path) {
  const url = new URL(path, worker.location.origin);
  // What stands in a message leads to a page of ours, or nowhere.
  if (url.origin !== worker.location.origin) return;
  const tabs = await worker.clients.matchAll({ type: "window", includeUncontrolled: true });
  const there = tabs.find((tab) => new URL(tab.url).pathname === url.pathname);
  if (there) await there.focus();
  else await worker.clients.openWindow(url.href);
}

async function markRead({ receiverId, organization }) {
  if (!receiverId) return;
  try {
    const answer = await ask("POST", "/api/notifications/read", organization, { ids: [receiverId] });
    if (answer.ok) await count(await answer.json());
  } catch {
    // Away from the network: the page that opens marks it read.
  }
}

worker.addEventListener("pushsubscriptionchange", (event) => event.waitUntil(renew(event)));

/** The push service has given this browser another address. */
async function renew({ oldSubscription, newSubscription }) {
  const state = await recall();
  const key = oldSubscription?.options.applicationServerKey ?? bytesOf(state.key);
  const fresh = newSubscription ?? (key ? await worker.registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key }) : null);
  if (!fresh) return;
  const { endpoint, keys } = fresh.toJSON();
  const replaces = oldSubscription?.endpoint ?? state.endpoint;
  await ask("POST", "/api/devices", state.organization, { kind: "webpush", endpoint, keys, ...(replaces && replaces !== endpoint && { replaces }) });
  await remember(state.organization);
}

function ask(method, path, organization, body) {
  const query = organization ? `?${new URLSearchParams({ organization })}` : "";
  return fetch(`${path}${query}`, {
    method,
    credentials: "same-origin",
    // The browser may end the worker as soon as the page is open.
    keepalive: true,
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
}

/** The number on the app's icon. Counts carry a version that only rises, so that an old one never overwrites a newer one. */
async function count(badge) {
  if (!badge || typeof badge.unread !== "number" || typeof badge.version !== "number") return;
  await keep((state) => {
    if (badge.version < (state.version ?? 0)) return state;
    if (badge.unread > 0) void worker.navigator.setAppBadge?.(badge.unread).catch(() => undefined);
    else void worker.navigator.clearAppBadge?.().catch(() => undefined);
    return { ...state, version: badge.version, unread: badge.unread };
  });
}

/** What is needed to renew the subscription, at a time when no page is open to say it. */
async function remember(organization) {
  const subscription = await worker.registration.pushManager.getSubscription();
  const key = subscription?.options.applicationServerKey;
  await keep((state) => ({
    ...state,
    organization: organization ?? state.organization ?? null,
    ...(subscription && { endpoint: subscription.endpoint }),
    ...(key && { key: textOf(key) }),
  }));
}

const place = "/push-worker-state";
const cache = () => caches.open("moim-push");

async function recall() {
  const kept = await (await cache()).match(place);
  return kept ? kept.json() : {};
}

let keeping = Promise.resolve();

/** One change after the other: a push changes the count and the organization at once. */
function keep(change) {
  const mine = keeping.then(async () => {
    const next = change(await recall());
    await (await cache()).put(place, new Response(JSON.stringify(next), { headers: { "Content-Type": "application/json" } }));
  });
  keeping = mine.catch(() => undefined);
  return mine;
}

const textOf = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)));
const bytesOf = (text) => (text ? Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)) : null);
