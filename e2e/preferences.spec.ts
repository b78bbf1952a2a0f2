import type { Browser, BrowserContext, Page } from "@playwright/test";
import { begin, signIn } from "./support/people";
import { run } from "./support/run";
import { expectGood } from "./support/screens";
import { expect, test } from "./support/test";
import { unique, uniqueEmail } from "./support/unique";

/** Somebody in an organization of their own, so that nothing they mute or choose reaches another test. */
async function alone(page: Page): Promise<{ settings: string; slug: string }> {
  await signIn(page, uniqueEmail("choosy"));
  const slug = await begin(page, unique("Choosy"), "Cleo Choosy");
  return { slug, settings: `/${slug}/settings/notifications` };
}

const withoutScripts = async (browser: Browser, context: BrowserContext) =>
  browser.newContext({ baseURL: run.app.url, storageState: await context.storageState(), javaScriptEnabled: false });

test("a choice says where it comes from, is saved at once, and can be set back", async ({ page }) => {
  const { settings } = await alone(page);
  await page.goto(settings);
  const push = page.getByRole("switch", { name: "Answers: Push" });
  await expect(push).not.toBeChecked();
  await expect(push).toHaveAccessibleDescription("Default");
  await push.click();
  await expect(push).toBeChecked();
  await expect(push).toHaveAccessibleDescription(/My choice/);

  const mail = page.getByRole("combobox", { name: "Invitations: E-mail" });
  await mail.selectOption("Daily");
  await expect(mail).toHaveAccessibleDescription(/My choice/);
  await page.reload();
  await expect(push).toBeChecked();
  await expect(mail).toHaveValue("daily");

  await page.getByRole("button", { name: /^Set Answers: Push back/ }).click();
  await expect(push).not.toBeChecked();
  await expect(push).toHaveAccessibleDescription("Default");
  await page.reload();
  await expect(push).not.toBeChecked();
  await expect(mail).toHaveValue("daily");
});

test("what is critical has no switch and says why", async ({ page }) => {
  const { settings } = await alone(page);
  await page.goto(settings);
  await expect(page.getByRole("switch", { name: "Invitations: Inbox" })).toBeChecked();
  await expect(page.getByRole("switch", { name: /^Account and security/ })).toHaveCount(0);
  await expect(page.getByText(/Nobody can switch these off/)).toBeVisible();
});

test("a choice that is refused goes back to what holds", async ({ page }) => {
  const { settings } = await alone(page);
  await page.goto(settings);
  const inbox = page.getByRole("switch", { name: "Reminders: Inbox" });
  await expect(inbox).toBeChecked();
  await page.context().clearCookies();
  await inbox.click();
  await expect(page.getByText(/^That was not saved/)).toBeVisible();
  await expect(inbox).toBeChecked();
});

test("the organization's default holds where nobody chose, a workspace's choice in that workspace", async ({ page }) => {
  const { settings, slug } = await alone(page);
  await page.goto(`/${slug}/settings/organization`);
  await page.getByRole("textbox", { name: "New workspace" }).fill("Atelier");
  await page.getByRole("button", { name: "Create" }).click();
  await expect(page.locator("#workspaces").getByText("Atelier", { exact: true })).toBeVisible();

  await page.goto(settings);
  await page.getByRole("link", { name: "Organization defaults" }).click();
  const common = page.getByRole("switch", { name: "Reminders: Push" });
  await expect(page.getByRole("heading", { name: "Organization defaults" })).toBeVisible();
  await common.click();
  await expect(common).toHaveAccessibleDescription(/From the organization/);

  await page.getByRole("link", { name: "Mine" }).click();
  await expect(page.getByRole("heading", { name: "What reaches you" })).toBeVisible();
  const push = page.getByRole("switch", { name: "Reminders: Push" });
  await expect(push).not.toBeChecked();
  await expect(push).toHaveAccessibleDescription("From the organization");

  await page.getByText("All workspaces").first().click();
  await page.locator("#choices").getByRole("link", { name: "Atelier" }).click();
  await expect(page.getByText("These hold in Atelier only.")).toBeVisible();
  await push.click();
  await expect(push).toBeChecked();
  await expect(push).toHaveAccessibleDescription(/This workspace/);

  await page.goto(settings);
  await expect(push).not.toBeChecked();
});

test("quiet hours with equal ends are refused and stay as typed; saved ones say when they end, and are copied to all days", async ({ page }) => {
  const { settings } = await alone(page);
  await page.goto(settings);
  await page.getByRole("checkbox", { name: "Quiet on Monday" }).check();
  const [from, until] = [page.getByLabel("Monday: quiet from"), page.getByLabel("Monday: quiet until")];
  await from.fill("23:15");
  await until.fill("23:15");
  const save = page.getByRole("button", { name: "Save quiet hours" });
  await save.click();
  await expect(until).toHaveAttribute("aria-invalid", "true");
  await expect(from).toHaveValue("23:15");
  await expect(until).toHaveValue("23:15");

  await until.fill("06:45");
  await expect(page.getByText(/until 6:45\sAM the next day/)).toBeVisible();
  await page.getByRole("button", { name: "Copy to all days: Monday" }).click();
  await save.click();
  await expect(page.locator("#quiet-hours").getByText("Saved.")).toBeVisible();
  await page.reload();
  await expect(page.getByLabel("Sunday: quiet from")).toHaveValue("23:15");
  await expect(page.getByLabel("Friday: quiet until")).toHaveValue("06:45");
  await expectGood(page, "en-notifications-quiet", true);
});

test("one tap mutes from anywhere, says until when, and one ends it", async ({ page }) => {
  const { settings, slug } = await alone(page);
  await page.goto(`/${slug}/meetings`);
  const menu = page.locator("aside details").filter({ hasText: "Your account" });
  await menu.locator("summary").click();
  await menu.getByRole("button", { name: "For 1 hour" }).click();
  await expect(menu.locator("summary").getByText(/^Muted until/)).toBeAttached();
  await page.goto(settings);
  await expect(page.getByRole("main").getByText(/^Muted until/).first()).toBeVisible();
  await page.getByRole("main").getByRole("button", { name: "End it now" }).click();
  await expect(page.getByText("E-mail and push reach you.")).toBeVisible();
  await page.getByRole("main").getByRole("button", { name: "Until tomorrow" }).click();
  await expect(page.getByRole("main").getByText(/^Muted until .+,/).first()).toBeVisible();
});

test("without JavaScript everything can be chosen, and nothing typed is lost", async ({ page, browser, context }) => {
  const { settings } = await alone(page);
  const plainContext = await withoutScripts(browser, context);
  const plain = await plainContext.newPage();
  await plain.goto(settings);
  const push = plain.getByRole("switch", { name: "Answers: Push" });
  await push.click();
  await expect(push).toBeChecked();
  const mail = plain.getByRole("combobox", { name: "Changes: E-mail" });
  await mail.selectOption("Weekly");
  await plain.locator("form", { has: mail }).getByRole("button", { name: "Set", exact: true }).click();
  await expect(mail).toHaveValue("weekly");
  await plain.getByRole("button", { name: /^Set Answers: Push back/ }).click();
  await expect(push).not.toBeChecked();

  await plain.getByRole("checkbox", { name: "Quiet on Tuesday" }).check();
  await plain.getByLabel("Tuesday: quiet from").fill("21:30");
  await plain.getByLabel("Tuesday: quiet until").fill("21:30");
  const save = plain.getByRole("button", { name: "Save quiet hours" });
  await save.click();
  await expect(plain.getByText("Start and end must differ.")).toBeVisible();
  await expect(plain.getByLabel("Tuesday: quiet from")).toHaveValue("21:30");
  await expect(plain.getByRole("checkbox", { name: "Quiet on Tuesday" })).toBeChecked();
  await plain.getByLabel("Tuesday: quiet until").fill("05:00");
  await save.click();
  await plain.goto(settings);
  await expect(plain.getByLabel("Tuesday: quiet until")).toHaveValue("05:00");
  await expect(plain.getByRole("checkbox", { name: "Quiet on Wednesday" })).not.toBeChecked();

  await plain.getByRole("main").getByRole("button", { name: "For 1 hour" }).click();
  await expect(plain.getByRole("main").getByText(/^Muted until/).first()).toBeVisible();
  await plainContext.close();
});

/** A browser whose push service takes every subscription: the one under test is not let out to a real one. */
const anyPushService = () => {
  const text = (bytes: ArrayBuffer) => btoa(String.fromCharCode(...new Uint8Array(bytes))).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
  const bytes = (base64: string) => Uint8Array.from(atob(base64.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0)).buffer;
  const held = () => {
    const kept = localStorage.getItem("push-under-test");
    if (!kept) return null;
    const { endpoint, p256dh, auth, key } = JSON.parse(kept) as Record<"endpoint" | "p256dh" | "auth" | "key", string>;
    return {
      endpoint,
      options: { applicationServerKey: bytes(key) },
      toJSON: () => ({ endpoint, keys: { p256dh, auth } }),
      unsubscribe: async () => (localStorage.removeItem("push-under-test"), true),
    };
  };
  Object.assign(PushManager.prototype, {
    getSubscription: async () => held(),
    subscribe: async ({ applicationServerKey }: { applicationServerKey: Uint8Array<ArrayBuffer> }) => {
      const pair = await crypto.subtle.generateKey({ name: "ECDH", namedCurve: "P-256" }, true, ["deriveBits"]);
      const kept = {
        endpoint: `https://push.example/${crypto.randomUUID()}`,
        p256dh: text(await crypto.subtle.exportKey("raw", pair.publicKey)),
        auth: text(crypto.getRandomValues(new Uint8Array(16)).buffer),
        key: text(applicationServerKey.slice().buffer),
      };
      localStorage.setItem("push-under-test", JSON.stringify(kept));
      return held();
    },
  });
};

const endpointHeld = (page: Page) => page.evaluate(() => localStorage.getItem("push-under-test"));

test("push is turned on by a click, put right when it was lost, and does not come back once it was removed elsewhere", async ({ page, context }) => {
  await context.grantPermissions(["notifications"], { origin: new URL(run.app.url).origin });
  await context.addInitScript(anyPushService);
  const { settings, slug } = await alone(page);
  await page.goto(settings);
  expect(await endpointHeld(page), "nothing before the click").toBeNull();
  await page.getByRole("button", { name: "Turn on push on this device" }).click();
  await expect(page.getByText("Push is on on this device.")).toBeVisible();
  const rows = page.locator("#devices").getByRole("listitem");
  await expect(rows).toHaveCount(1);
  await expect(rows.getByText("This device")).toBeVisible();

  await rows.locator("summary", { hasText: "Rename" }).click();
  await rows.getByRole("textbox", { name: "Name" }).fill("Kitchen tablet");
  await rows.getByRole("button", { name: "Save", exact: true }).click();
  await expect(rows.getByText("Kitchen tablet", { exact: true })).toBeVisible();

  await page.evaluate(() => localStorage.removeItem("push-under-test"));
  await page.reload();
  await expect.poll(() => endpointHeld(page)).not.toBeNull();
  await expect(page.getByText("Push is on on this device.")).toBeVisible();
  await expect(rows.getByText("Kitchen tablet", { exact: true }), "the same device, renewed").toBeVisible();
  await expect(rows).toHaveCount(1);

  const { devices } = (await (await page.request.get(`/api/devices?organization=${slug}`)).json()) as { devices: { id: string }[] };
  await page.request.delete(`/api/devices/${devices[0]?.id}?organization=${slug}`);
  // As if it had last been heard of on another day.
  await page.evaluate(() => localStorage.setItem("moim-push", (localStorage.getItem("moim-push") ?? "").replace(/"checkedOn":"[^"]*"/, '"checkedOn":"2020-01-01"')));
  await page.goto(`/${slug}/meetings`);
  await expect.poll(() => endpointHeld(page)).toBeNull();
  await page.goto(settings);
  await expect(page.getByRole("button", { name: "Turn on push on this device" })).toBeVisible();
});

test("signing out takes the device along", async ({ page, context }) => {
  await context.grantPermissions(["notifications"], { origin: new URL(run.app.url).origin });
  await context.addInitScript(anyPushService);
  const { settings } = await alone(page);
  await page.goto(settings);
  await page.getByRole("button", { name: "Turn on push on this device" }).click();
  await expect(page.getByText("Push is on on this device.")).toBeVisible();
  await page.locator("aside summary").filter({ hasText: "Your account" }).click();
  await page.locator("aside").getByRole("button", { name: "Sign out" }).click();
  await expect(page).toHaveURL(/sign-in/);
  expect(await endpointHeld(page)).toBeNull();
});

test("a browser that blocks notifications, and an iPhone in Safari, say what to do", async ({ page, browser, context }) => {
  const { settings } = await alone(page);
  await page.addInitScript(() => Object.defineProperty(Notification, "permission", { get: () => "denied" }));
  await page.goto(settings);
  await expect(page.getByText("Your browser blocks notifications from Moim")).toBeVisible();

  const iPhone = await browser.newContext({
    baseURL: run.app.url,
    storageState: await context.storageState(),
    userAgent: "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1",
    viewport: { width: 360, height: 800 },
  });
  const safari = await iPhone.newPage();
  await safari.goto(settings);
  await expect(safari.getByText("Add Moim to your Home Screen first")).toBeVisible();
  await expect(safari.getByRole("button", { name: /Turn on push/ })).toHaveCount(0);
  await iPhone.close();
});
