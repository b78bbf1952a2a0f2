import type { BrowserContext, Page } from "@playwright/test";
import { startPush } from "../local/push/server";
import { inboxBadge, unreadCount } from "./support/inbox";
import { book } from "./support/meetings";
import { begin, signIn } from "./support/people";
import { run } from "./support/run";
import { expect, test } from "./support/test";
import { unique, uniqueEmail } from "./support/unique";

const origin = new URL(run.app.url).origin;
/** The instance was started with leave to call this port, where the test listens. */
const port = Number(process.env.E2E_PUSH_PORT ?? 0);

interface Shown {
  title: string;
  body: string;
  tag: string;
  data: { url: string };
}

const shown = (page: Page) =>
  page.evaluate(async (): Promise<Shown[]> => {
    const registration = await navigator.serviceWorker.ready;
    const notices = await registration.getNotifications();
    return notices.map(({ title, body, tag, data }) => ({ title, body, tag, data: data as Shown["data"] }));
  });

/** Hands what a push service would to the worker of the page's origin. */
async function pusherOf(context: BrowserContext, page: Page): Promise<(text: string) => Promise<void>> {
  const devtools = await context.newCDPSession(page);
  let registrationId = "";
  devtools.on("ServiceWorker.workerRegistrationUpdated", ({ registrations }) => {
    for (const one of registrations) if (!one.isDeleted) registrationId = one.registrationId;
  });
  await devtools.send("ServiceWorker.enable");
  await page.evaluate(async () => {
    await navigator.serviceWorker.register("/push-worker.js");
    await navigator.serviceWorker.ready;
  });
  await expect.poll(() => registrationId).not.toBe("");
  return async (data) => void (await devtools.send("ServiceWorker.deliverPushMessage", { origin, registrationId, data }));
}

/** Taps the only notice there is. Without a person's finger no window may open, so the worker says which one it would. */
async function tap(context: BrowserContext): Promise<string[]> {
  const [worker] = context.serviceWorkers();
  if (!worker) throw new Error("no service worker");
  return worker.evaluate(async () => {
    const scope = self as unknown as ServiceWorkerScope;
    const opened: string[] = [];
    scope.clients.openWindow = async (url) => (opened.push(url), null);
    const [notification] = await scope.registration.getNotifications();
    const click = new scope.NotificationEvent("notificationclick", { notification });
    let work: Promise<unknown> = Promise.resolve();
    Object.defineProperty(click, "waitUntil", { value: (promise: Promise<unknown>) => (work = promise) });
    scope.dispatchEvent(click);
    await work;
    return opened;
  });
}

interface ServiceWorkerScope {
  clients: { openWindow(url: string): Promise<null> };
  registration: ServiceWorkerRegistration;
  NotificationEvent: new (type: string, init: { notification: Notification | undefined }) => Event;
  dispatchEvent(event: Event): boolean;
}

test("a push is encrypted for its browser, shown by the worker, and its tap opens the page and lowers the badge", async ({ team, apiOf, browserOf }) => {
  test.skip(port === 0, "the instance was not started for it: npm test -- e2e");
  const engine = await startPush({ port });
  try {
    const context = await browserOf(team.camille);
    await context.grantPermissions(["notifications"], { origin });
    const page = await context.newPage();
    await page.goto(`/${team.slug}/meetings`);
    const deliver = await pusherOf(context, page);

    const subscription = engine.newSubscription();
    const registered = await page.evaluate(
      async ({ body, organization }) => {
        const headers = { "Content-Type": "application/json" };
        const response = await fetch(`/api/devices?organization=${organization}`, { method: "POST", headers, body: JSON.stringify(body) });
        return { status: response.status, device: (await response.json()) as { id: string; name: string } };
      },
      { body: { kind: "webpush", ...subscription.json }, organization: team.slug },
    );
    expect(registered).toMatchObject({ status: 201, device: { name: expect.stringContaining("Chrome") } });

    const title = unique("Pushed");
    const meeting = await book(await apiOf(team.ada), { title, attendees: [{ email: team.camille.email }] });
    const about = () => subscription.delivered.filter(({ text }) => text?.includes(meeting.id));
    await expect.poll(() => about().length, { timeout: 20_000 }).toBe(1);
    expect(engine.calls.filter(({ status }) => status !== 201)).toEqual([]);
    await expect.poll(() => unreadCount(page)).toBeGreaterThan(0);
    const before = await unreadCount(page);

    await deliver(about()[0]?.text ?? "");
    await expect.poll(async () => (await shown(page)).map((notice) => notice.title)).toEqual([title]);
    expect(await shown(page)).toMatchObject([{ body: expect.stringContaining("Ada Sinclair"), data: { url: `/${team.slug}/meetings/${meeting.id}` } }]);

    const opened = await tap(context);
    expect(opened).toEqual([`${origin}/${team.slug}/meetings/${meeting.id}`]);
    expect(await shown(page)).toEqual([]);
    await (before === 1 ? expect(inboxBadge(page)).toHaveCount(0) : expect(inboxBadge(page)).toHaveText(String(before - 1)));
    await page.goto(opened[0] ?? "");
    await expect(page.getByRole("heading", { name: title })).toBeVisible();

    const ended = await page.evaluate(async (id) => (await fetch(`/api/devices/${id}`, { method: "DELETE" })).status, registered.device.id);
    expect(ended).toBe(204);
  } finally {
    await engine.close();
  }
});

test("the worker and the manifest are served so that a browser takes them", async ({ page }) => {
  const worker = await page.request.get("/push-worker.js");
  expect(worker.headers()["content-type"]).toContain("javascript");
  expect(worker.headers()["content-security-policy"]).toContain("default-src 'none'");
  await page.goto("/sign-in");
  const manifest = (await (await page.request.get((await page.locator("link[rel=manifest]").getAttribute("href")) ?? "")).json()) as { icons: { src: string; type: string }[] };
  expect(manifest).toMatchObject({ display: "standalone", start_url: "/" });
  for (const { src, type } of manifest.icons) {
    const icon = await page.request.get(src);
    expect(icon.status(), src).toBe(200);
    expect(icon.headers()["content-type"], src).toContain(type);
  }
});

test("signing out ends the browser's device, so that the next person at it sees nothing", async ({ page }) => {
  const email = uniqueEmail("leaver");
  await signIn(page, email);
  const slug = await begin(page, unique("Leaving"), "Lena");
  const devices = () =>
    page.evaluate(async () => {
      const response = await fetch("/api/devices");
      return ((await response.json()) as { devices: unknown[] }).devices.length;
    });
  await page.goto(`/${slug}/meetings`);
  const { keys } = await page.evaluate(async () => {
    const pair = await crypto.subtle.generateKey({ name: "ECDH", namedCurve: "P-256" }, true, ["deriveBits"]);
    const text = (bytes: ArrayBuffer) => btoa(String.fromCharCode(...new Uint8Array(bytes)));
    return { keys: { p256dh: text(await crypto.subtle.exportKey("raw", pair.publicKey)), auth: text(crypto.getRandomValues(new Uint8Array(16)).buffer) } };
  });
  const status = await page.evaluate(
    async (body) => (await fetch("/api/devices", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) })).status,
    { kind: "webpush", endpoint: `https://push.example/${unique("x").replace(/\W/g, "")}`, keys },
  );
  expect(status).toBe(201);
  expect(await devices()).toBe(1);
  await page.locator("summary").filter({ hasText: "Your account" }).locator("visible=true").click();
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByText("You are signed out.")).toBeVisible();
  await signIn(page, email);
  await page.goto(`/${slug}/meetings`);
  expect(await devices()).toBe(0);
});
