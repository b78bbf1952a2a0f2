import { linkIn, mailsTo, mailTo } from "./support/mailbox";
import { confirm, signIn } from "./support/people";
import { run } from "./support/run";
import { expect, test } from "./support/test";
import { unique, uniqueEmail } from "./support/unique";

const ask = { en: "Send me a link", fr: "Recevoir un lien" };

test("the mail comes in the language of the page it was asked on, and looking at its link uses nothing up", async ({ browser, request, watch }) => {
  const context = await browser.newContext({ baseURL: run.app.url, locale: "fr-FR" });
  await watch.over(context);
  const page = await context.newPage();
  const email = uniqueEmail("zoe");
  await page.goto("/sign-in");
  await page.getByLabel("Adresse e-mail").fill(email);
  await page.getByRole("button", { name: ask.fr }).click();
  await expect(page).toHaveURL(/\/sign-in\/check/);

  const mail = await mailTo(email);
  expect(mail.subject).toContain("Moim");
  expect(mail.html).toContain('lang="fr"');
  const link = linkIn(mail, "/sign-in/confirm");
  // As mail scanners do, from elsewhere and more than once.
  for (let look = 0; look < 3; look += 1) expect((await request.get(link)).status()).toBe(200);
  await confirm(page, link);
  await expect(page).toHaveURL(/\/begin/);
  await context.close();
});

test("an address nobody knows gets the same answer as one that has an account", async ({ page }) => {
  const answers: string[] = [];
  for (const email of ["nora@maru.example", uniqueEmail("nobody")]) {
    await page.goto("/sign-in");
    await page.getByLabel("E-mail address").fill(email);
    await page.getByRole("button", { name: ask.en }).click();
    await expect(page).toHaveURL(/\/sign-in\/check/);
    answers.push((await page.getByRole("main").innerText()).replaceAll(email, "<address>"));
  }
  expect(answers[0]).toBe(answers[1]);
});

test("what was typed stays when it is no address", async ({ page }) => {
  await page.goto("/sign-in");
  await page.getByLabel("E-mail address").fill("camille at maru");
  await page.getByRole("button", { name: ask.en }).click();
  const field = page.getByLabel("E-mail address");
  await expect(field).toHaveAccessibleDescription(/e-mail address such as/);
  await expect(field).toHaveValue("camille at maru");
  await expect(field).toBeFocused();
});

test("signing out ends it here, and leads back to where somebody wanted to go", async ({ page, team }) => {
  await page.goto(`/${team.slug}/meetings`);
  await expect(page).toHaveURL(/\/sign-in\?callbackUrl=/);
  await page.getByLabel("E-mail address").fill(team.ada.email);
  await page.getByRole("button", { name: ask.en }).click();
  await expect(page).toHaveURL(/\/sign-in\/check/);
  const mails = await mailsTo(team.ada.email);
  const mail = mails.filter(({ tags }) => tags.some(({ value }) => value === "sign-in")).at(-1);
  if (!mail) throw new Error("no sign-in mail");
  await confirm(page, linkIn(mail, "/sign-in/confirm"));
  await expect(page).toHaveURL(new RegExp(`/${team.slug}/meetings$`));

  const cookies = await page.context().cookies();
  await page.locator("summary").filter({ hasText: "Your account" }).locator("visible=true").click();
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByText("You are signed out.")).toBeVisible();
  // The session itself is gone, not only the browser's memory of it.
  await page.context().addCookies(cookies);
  await page.goto(`/${team.slug}`);
  await expect(page).toHaveURL(/\/sign-in/);
});

test("a session is ended from another browser, at once", async ({ browser, page, watch }) => {
  const email = uniqueEmail("remote");
  await signIn(page, email);
  await page.getByLabel("Your name").fill("Remy Okafor");
  await page.getByLabel("Name of the organization").fill(unique("Sessions"));
  await page.getByRole("button", { name: "Create" }).click();
  await expect(page).not.toHaveURL(/\/begin/);
  const home = new URL(page.url()).pathname;

  const lost = await browser.newContext({ baseURL: run.app.url, locale: "en-GB" });
  await watch.over(lost);
  const lostPage = await lost.newPage();
  await signIn(lostPage, email);
  await lostPage.goto(`${home}/meetings`);
  await expect(lostPage).toHaveURL(new RegExp(`${home}/meetings`));

  await page.goto(`${home}/settings/sessions`);
  const rows = page.getByRole("region", { name: "Sessions" }).getByRole("listitem");
  await expect(rows).toHaveCount(2);
  await rows.filter({ hasNotText: "This browser" }).getByRole("button").click();
  await expect(rows).toHaveCount(1);

  await lostPage.goto(`${home}/meetings`);
  await expect(lostPage).toHaveURL(/\/sign-in/);
  await page.reload();
  await expect(page).toHaveURL(/settings\/sessions/);
  await lost.close();
});
