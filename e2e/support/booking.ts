import { expect, type Page } from "@playwright/test";

/** The booking form of an English-speaking member. */
export function bookingForm(page: Page, slug: string) {
  const title = page.getByLabel("Title", { exact: true });
  const timeZone = page.getByRole("combobox", { name: "Time zone" });
  const attendees = page.getByRole("combobox", { name: /^Attendees/ });
  const submit = page.getByRole("button", { name: /^Book (and invite|the meeting)$/ });
  return {
    title,
    date: page.getByLabel("Date", { exact: true }),
    start: page.getByLabel("Start", { exact: true }),
    end: page.getByLabel("End", { exact: true }),
    duration: page.getByLabel("Duration", { exact: true }),
    timeZone,
    attendees,
    picked: page.getByRole("list", { name: "Attendees" }),
    plan: page.getByRole("region", { name: "Who can make it" }),
    submit,

    async open(query = ""): Promise<void> {
      await page.goto(`/${slug}/meetings/new${query}`);
      await expect(title).toBeVisible();
    },

    async chooseZone(search: string, option: RegExp): Promise<void> {
      await timeZone.fill(search);
      await page.getByRole("option", { name: option }).first().click();
    },

    /** A member by part of the name, or anybody by address. */
    async add(who: string): Promise<void> {
      await attendees.fill(who);
      await page.getByRole("option", { name: new RegExp(who) }).first().click();
      await attendees.press("Escape");
    },

    /** Presses the button and gives the id of the meeting whose page opens. */
    async book(): Promise<string> {
      await submit.click();
      await page.waitForURL(/\/meetings\/mtg_/);
      return meetingIdOf(page);
    },
  };
}

export const meetingIdOf = (page: Page): string => /\/meetings\/(mtg_[a-z0-9]+)/.exec(page.url())?.[1] ?? "";

/** `days` from today in the zone of the browser under test, as a date field wants it. */
export function dayAhead(days: number, timeZone: string): string {
  return new Intl.DateTimeFormat("en-CA", { timeZone }).format(Date.now() + days * 86_400_000);
}
