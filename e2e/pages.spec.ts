import { expectAccessible } from "./support/axe";
import { linkIn, mailTo } from "./support/mailbox";
import { book } from "./support/meetings";
import { invite, stateOf } from "./support/people";
import { run } from "./support/run";
import { expectGood } from "./support/screens";
import { expect, test } from "./support/test";
import { unique, uniqueEmail } from "./support/unique";

const people = [
  { locale: "en", browser: "en-US", email: "ada@maru.example" },
  { locale: "ko", browser: "ko-KR", email: "minjun@maru.example" },
  { locale: "fr", browser: "fr-FR", email: "camille@maru.example" },
];

for (const { locale, browser: tag, email } of people) {
  // Every look is photographed in one language; the others differ in their words alone.
  const inFull = locale === "en";

  test.describe(`in ${locale}`, () => {
    test.use({ locale: tag, contextOptions: { reducedMotion: "reduce" } });

    test("pages for people who are signed out", async ({ page }) => {
      for (const [name, path] of [
        ["sign-in", "/sign-in"],
        ["sign-in-check", "/sign-in/check?email=sam@example.com"],
        ["sign-in-dead-link", "/sign-in/confirm?token=x&email=sam@example.com"],
        ["join-altered", "/join/altered"],
        ["rsvp-altered", "/rsvp/altered"],
        ["missing", "/no/such/page"],
      ] as const) {
        await page.goto(path);
        await expect(page.locator("html")).toHaveAttribute("lang", locale);
        await expectGood(page, `${locale}-${name}`, inFull);
      }
    });

    const places = [
      ["overview", ""],
      ["calendar-month", "/meetings?view=month"],
      ["calendar-week", "/meetings?view=week"],
      ["calendar-agenda", "/meetings?view=agenda"],
      ["book", "/meetings/new"],
      ["inbox", "/inbox"],
      ["profile", "/settings/profile"],
      ["notifications", "/settings/notifications"],
      ["sessions", "/settings/sessions"],
      ["tokens", "/settings/tokens"],
      ["members", "/settings/members"],
      ["organization", "/settings/organization"],
      ["news", "/w/product"],
      ["workspace", "/settings/workspaces/product"],
      ["missing-inside", "/nothing-here"],
      ...(locale === "fr" ? [] : ([["audit", "/settings/audit"], ["notification-defaults", "/settings/notifications/organization"]] as const)),
    ] as const;
    for (const [name, path] of places) {
      test(`${name}, signed in`, async ({ page, browser }) => {
        await page.context().addCookies((await stateOf(browser, email)).cookies);
        await page.goto(`/maru${path}`);
        await expect(page.locator("html")).toHaveAttribute("lang", locale);
        await expect(page.getByRole("heading", { level: 1 }).first()).toBeVisible();
        await expectGood(page, `${locale}-${name}`, inFull);
      });
    }

    test("a meeting, as its organizer, its attendee and its guest see it", async ({ page, browser, request }) => {
      const guest = uniqueEmail("look");
      const created = await request.post("/api/meetings", {
        headers: { Authorization: `Bearer ${run.demo.apiToken}` },
        data: {
          title: unique("Design review of the spring catalogue"),
          startsAt: new Date(Date.now() + 26 * 3_600_000).toISOString(),
          endsAt: new Date(Date.now() + 27 * 3_600_000).toISOString(),
          timeZone: "Europe/Paris",
          location: "Maru, room Namdaemun",
          joinUrl: "https://meet.example/design",
          description: "Bring one screen you are proud of.\n\nhttps://design.example/board",
          attendees: [{ email: guest, name: "Sam Oh" }, { email: "camille@maru.example" }, { email: "minjun@maru.example" }],
        },
      });
      const { id, title } = (await created.json()) as { id: string; title: string };
      const link = linkIn(await mailTo(guest, { subject: title }), "/rsvp/");
      await page.goto(link);
      await expect(page.getByRole("heading", { level: 1 })).toHaveText(title);
      await expectGood(page, `${locale}-rsvp`, inFull);

      await page.context().addCookies((await stateOf(browser, email)).cookies);
      await page.goto(`/maru/meetings/${id}`);
      await expect(page.getByRole("heading", { level: 1 })).toHaveText(title);
      await expectGood(page, `${locale}-meeting`, inFull);
      if (locale !== "en") return;
      await page.goto(`/maru/meetings/${id}/edit`);
      await expectGood(page, `${locale}-meeting-edit`, inFull);
      await page.goto(`/maru/meetings/${id}?cancel=1`);
      await expectAccessible(page);
    });

    test("somebody about to sign in, to begin and to join", async ({ page, browser, team, pageOf }) => {
      const fresh = uniqueEmail("fresh");
      await page.goto("/sign-in");
      await page.locator("input[name=email]").fill(fresh);
      await page.locator("main form button[type=submit]").first().click();
      await expect(page).toHaveURL(/\/sign-in\/check/);
      await page.goto(linkIn(await mailTo(fresh), "/sign-in/confirm"));
      await expectGood(page, `${locale}-confirm`, inFull);
      await page.locator("form[action*='/api/auth/callback/email'] button").click();
      await expect(page).toHaveURL(/\/begin/);
      await expectGood(page, `${locale}-begin`, inFull);

      const invited = uniqueEmail("invited");
      await invite(await pageOf(team.ada), team.slug, [invited]);
      const stranger = await browser.newContext({ baseURL: run.app.url, locale: tag });
      const theirs = await stranger.newPage();
      await theirs.goto(linkIn(await mailTo(invited), "/join/"));
      await expectGood(theirs, `${locale}-join`, inFull);
      await stranger.close();
    });
  });
}

test.describe("every answer of the application", () => {
  test("carries the headers that keep a browser safe", async ({ request }) => {
    for (const path of ["/sign-in", "/rsvp/altered", "/api/openapi.json"]) {
      const headers = (await request.get(path)).headers();
      const policy = headers["content-security-policy"] ?? "";
      expect(policy, path).toContain("frame-ancestors 'none'");
      expect(policy, path).not.toContain("unsafe-inline");
      expect(policy, path).not.toContain("unsafe-eval");
      expect(headers["x-content-type-options"], path).toBe("nosniff");
      expect(headers["referrer-policy"], path).toBeTruthy();
      expect(headers["x-powered-by"], path).toBeUndefined();
    }
  });

  test("has a nonce of its own", async ({ request }) => {
    const nonce = async () => /'nonce-([^']+)'/.exec((await request.get("/sign-in")).headers()["content-security-policy"] ?? "")?.[1];
    expect(await nonce()).not.toBe(await nonce());
  });
});

test("the calendar of a person with meetings is kept on screen by the keyboard alone", async ({ team, apiOf, pageOf }) => {
  const title = unique("Keyed");
  const start = new Date(Date.now() + 2 * 86_400_000);
  start.setUTCHours(15, 0, 0, 0);
  await book(await apiOf(team.ada), { title, startsAt: start.toISOString(), endsAt: new Date(start.getTime() + 3_600_000).toISOString() });
  const page = await pageOf(team.ada);
  await page.goto(`/${team.slug}/meetings?view=agenda`);
  const entry = page.getByRole("link", { name: new RegExp(title) }).first();
  for (let tabs = 0; tabs < 60 && !(await entry.evaluate((element) => element === document.activeElement)); tabs += 1) {
    await page.keyboard.press("Tab");
  }
  await expect(entry).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(title);
});
