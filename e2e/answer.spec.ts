import { inboxAbout } from "./support/inbox";
import { linkIn, mailTo } from "./support/mailbox";
import { book, read } from "./support/meetings";
import { run } from "./support/run";
import { expect, test } from "./support/test";
import { unique, uniqueEmail } from "./support/unique";

const partstatOf = (meeting: { attendees: { email: string; partstat: string }[] }, email: string) =>
  meeting.attendees.find((attendee) => attendee.email === email)?.partstat;

test("somebody without an account answers from the mail: looking answers nothing, the button does, and it can be changed", async ({ team, apiOf, page, request }) => {
  const api = await apiOf(team.ada);
  const guest = uniqueEmail("guest");
  const title = unique("Open day");
  const meeting = await book(api, { title, attendees: [{ email: guest, name: "Gil Guest" }] });
  const link = linkIn(await mailTo(guest, { subject: title }), "/rsvp/");
  for (const answer of ["accepted", "declined"]) {
    expect((await request.get(link.replace(/answer=\w+/, `answer=${answer}`))).status()).toBe(200);
  }
  expect(partstatOf(await read(api, meeting.id), guest)).toBe("needs-action");

  await page.goto(link);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(title);
  await expect(page.getByRole("radio", { name: "Yes, I will be there" })).toBeChecked();
  await page.getByLabel("Comment").fill("I bring a friend.");
  await page.getByRole("button", { name: "Send the answer" }).click();
  await expect(page.getByText("Thank you. Your answer has reached the organizer.")).toBeVisible();
  await expect.poll(async () => partstatOf(await read(api, meeting.id), guest)).toBe("accepted");

  await page.getByRole("radio", { name: "No, I cannot come" }).check();
  await page.getByRole("button", { name: "Change the answer" }).click();
  await expect.poll(async () => partstatOf(await read(api, meeting.id), guest)).toBe("declined");

  // The organizer hears who, what and for which time, once for both answers.
  const told = await mailTo(team.ada.email, { subject: title });
  expect(told.text).toContain("Gil Guest");
  expect(told.text).toContain("I bring a friend.");
  expect((await inboxAbout(api, meeting.id)).map((row) => row.type)).toContain("meeting.responded");
});

test("mail, inbox, overview and meeting page show one answer", async ({ team, apiOf, pageOf }) => {
  const title = unique("One state");
  const ada = await apiOf(team.ada);
  const meeting = await book(ada, { title, attendees: [{ email: team.camille.email }] });
  const page = await pageOf(team.camille);

  await page.goto(`/${team.slug}`);
  const waiting = page.getByRole("form", { name: title });
  await waiting.getByRole("button", { name: "Peut-être" }).click();
  await expect.poll(async () => partstatOf(await read(ada, meeting.id), team.camille.email)).toBe("tentative");

  await page.goto(linkIn(await mailTo(team.camille.email, { subject: title }), "/rsvp/").replace(/\?.*/, ""));
  await expect(page.getByRole("radio", { name: "Peut-être" })).toBeChecked();
  await page.getByRole("radio", { name: /^Oui/ }).check();
  await page.getByRole("button", { name: /réponse/ }).click();
  await expect.poll(async () => partstatOf(await read(ada, meeting.id), team.camille.email)).toBe("accepted");

  await page.goto(`/${team.slug}/meetings/${meeting.id}`);
  const yes = page.getByRole("button", { name: "Oui" });
  await expect(yes).toHaveAttribute("aria-pressed", "true");
  await page.getByRole("button", { name: "Non", exact: true }).click();
  await expect(page.getByRole("button", { name: "Non", exact: true })).toHaveAttribute("aria-pressed", "true");
  expect(partstatOf(await read(ada, meeting.id), team.camille.email)).toBe("declined");

  await page.goto(`/${team.slug}/inbox`);
  const row = page.getByRole("main").getByRole("listitem").filter({ hasText: title });
  await expect(row.getByRole("button", { name: "Non", exact: true })).toHaveAttribute("aria-pressed", "true");
  await row.getByRole("button", { name: "Oui" }).click();
  await expect.poll(async () => partstatOf(await read(ada, meeting.id), team.camille.email)).toBe("accepted");
});

test("an altered link says so and gives away nothing", async ({ team, apiOf, page }) => {
  const guest = uniqueEmail("altered");
  const title = unique("Not for you");
  await book(await apiOf(team.ada), { title, attendees: [{ email: guest }] });
  const link = linkIn(await mailTo(guest, { subject: title }), "/rsvp/").replace(/\?.*/, "");
  const token = link.split("/rsvp/")[1] ?? "";
  for (const wrong of [token.slice(0, -2), `${token.slice(0, -1)}${token.endsWith("A") ? "B" : "A"}`, "nonsense"]) {
    await page.goto(`${run.app.url}/rsvp/${wrong}`);
    await expect(page.getByRole("heading", { name: "This link does not work" })).toBeVisible();
    expect(await page.content()).not.toContain(title);
  }
});
