import { dayAhead, bookingForm, meetingIdOf } from "./support/booking";
import { linkIn, mailTo } from "./support/mailbox";
import { book, read } from "./support/meetings";
import { contextOf } from "./support/people";
import { run } from "./support/run";
import { expect, test } from "./support/test";
import { unique, uniqueEmail } from "./support/unique";

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("somebody signs in and begins an organization", async ({ page }) => {
    const email = uniqueEmail("plain");
    await page.goto("/sign-in");
    await page.getByLabel("E-mail address").fill("not an address");
    await page.getByRole("button", { name: "Send me a link" }).click();
    await expect(page.getByLabel("E-mail address")).toHaveValue("not an address");
    await expect(page.getByLabel("E-mail address")).toHaveAccessibleDescription(/e-mail address such as/);
    await page.getByLabel("E-mail address").fill(email);
    await page.getByRole("button", { name: "Send me a link" }).click();
    await expect(page).toHaveURL(/\/sign-in\/check/);
    await page.goto(linkIn(await mailTo(email), "/sign-in/confirm"));
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page).toHaveURL(/\/begin/);
    await page.getByLabel("Your name").fill("Pia Plain");
    await page.getByLabel("Name of the organization").fill(unique("Plain"));
    await page.getByRole("button", { name: "Create" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toContainText("Pia Plain");
  });

  test("a member books, is told what is wrong without losing anything, and cancels", async ({ team, page, apiOf }) => {
    await page.context().addCookies(team.ada.state.cookies);
    const title = unique("Plain booking");
    const guest = uniqueEmail("plain-guest");
    await page.goto(`/${team.slug}/meetings/new`);
    await page.getByLabel("Title", { exact: true }).fill(title);
    await page.getByLabel("Date", { exact: true }).fill(dayAhead(25, team.ada.timeZone));
    await page.getByLabel("Start", { exact: true }).fill("11:00");
    await page.getByLabel("Duration", { exact: true }).fill("a while");
    await page.getByRole("checkbox", { name: /Camille Laurent/ }).check();
    await page.getByLabel("Others, one e-mail address a line").fill(guest);
    await page.getByRole("button", { name: /^Book/ }).click();
    await expect(page.getByLabel("Duration", { exact: true })).toHaveAccessibleDescription(/Write a duration/);
    await expect(page.getByLabel("Title", { exact: true })).toHaveValue(title);
    await expect(page.getByRole("checkbox", { name: /Camille Laurent/ })).toBeChecked();
    await expect(page.getByLabel("Others, one e-mail address a line")).toHaveValue(guest);
    await page.getByLabel("Duration", { exact: true }).fill("45m");
    await page.getByRole("button", { name: /^Book/ }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(title);
    const meeting = await read(await apiOf(team.ada), meetingIdOf(page));
    expect(meeting.attendees.map(({ email }) => email).sort()).toEqual([guest, team.camille.email].sort());
    expect(Date.parse(meeting.endsAt) - Date.parse(meeting.startsAt)).toBe(45 * 60_000);

    await page.getByRole("link", { name: "Cancel meeting" }).click();
    await page.getByLabel("Reason").fill("No script, no meeting.");
    await page.getByRole("button", { name: "Cancel meeting" }).click();
    await expect(page.getByText("No script, no meeting.")).toBeVisible();
  });

  test("a guest answers from the mail, a member on the page", async ({ team, page, apiOf }) => {
    const api = await apiOf(team.ada);
    const guest = uniqueEmail("plain-rsvp");
    const title = unique("Plain answer");
    const meeting = await book(api, { title, attendees: [{ email: guest }, { email: team.minjun.email }] });
    const answers = async () => Object.fromEntries((await read(api, meeting.id)).attendees.map(({ email, partstat }) => [email, partstat]));
    await page.goto(linkIn(await mailTo(guest, { subject: title }), "/rsvp/"));
    await page.getByRole("radio", { name: "Maybe" }).check();
    await page.getByRole("button", { name: "Send the answer" }).click();
    await expect.poll(answers).toMatchObject({ [guest]: "tentative" });

    await page.context().addCookies(team.minjun.state.cookies);
    await page.goto(`/${team.slug}/meetings/${meeting.id}`);
    await page.getByRole("button", { name: "예", exact: true }).click();
    await expect.poll(answers).toMatchObject({ [team.minjun.email]: "accepted" });
  });
});

test("with the keyboard alone somebody books a meeting with a colleague", async ({ team, browser, watch, apiOf }) => {
  const context = await contextOf(browser, team.ada);
  await watch.over(context);
  const page = await context.newPage();
  await page.goto(`${run.app.url}/${team.slug}`);
  await page.getByRole("heading", { level: 1 }).waitFor();
  const title = unique("Keys only");
  const type = (text: string) => page.keyboard.type(text);
  const press = (key: string) => page.keyboard.press(key);

  await expect(async () => {
    await press("c");
    await expect(page).toHaveURL(/\/meetings\/new/, { timeout: 1_000 });
  }).toPass();
  const form = bookingForm(page, team.slug);
  const tabTo = async (target: typeof form.title) => {
    for (let tabs = 0; tabs < 40; tabs += 1) {
      if (await target.evaluate((element) => element === document.activeElement)) return;
      await press("Tab");
    }
    await expect(target).toBeFocused();
  };
  await form.title.waitFor();
  await tabTo(form.title);
  await type(title);
  await tabTo(form.duration);
  await press("Control+a");
  await type("1:30");
  await tabTo(form.attendees);
  await type("Camille");
  await press("ArrowDown");
  await press("Enter");
  await expect(form.picked).toContainText("Camille");
  await press("Escape");
  await tabTo(form.submit);
  await press("Enter");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(title);
  const meeting = await read(await apiOf(team.ada), meetingIdOf(page));
  expect(meeting.attendees.map(({ email }) => email)).toEqual([team.camille.email]);
  expect(Date.parse(meeting.endsAt) - Date.parse(meeting.startsAt)).toBe(90 * 60_000);
  await context.close();
});
