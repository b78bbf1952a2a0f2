import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { expect, type Browser, type BrowserContext, type Page } from "@playwright/test";
import { linkIn, mailTo, mailsTo, type Mail } from "./mailbox";
import { run } from "./run";
import { uniqueEmail } from "./unique";

type Cookies = Awaited<ReturnType<BrowserContext["storageState"]>>;

/** Somebody with a browser of their own: what it is set to decides language and zone when they join. */
export interface Person {
  name: string;
  email: string;
  locale: string;
  timeZone: string;
  /** The cookies of their browser once signed in. */
  state: Cookies;
}

export interface Team {
  name: string;
  slug: string;
  /** The owner; English, New York. */
  ada: Person;
  /** A member; French, Paris. */
  camille: Person;
  /** A member; Korean, Seoul. */
  minjun: Person;
}

const nobody: Cookies = { cookies: [], origins: [] };

const browserOf = (person: Pick<Person, "locale" | "timeZone" | "state">) => ({
  baseURL: run.app.url,
  locale: person.locale,
  timezoneId: person.timeZone,
  storageState: person.state,
});

/** What makes a person needs scripts (the browser's zone), also where the test that wants them has none. */
const makingOf = (person: Pick<Person, "locale" | "timeZone" | "state">) => ({ ...browserOf(person), javaScriptEnabled: true });

export const contextOf = (browser: Browser, person: Person): Promise<BrowserContext> => browser.newContext(browserOf(person));

/** Asks for a link, opens the mail, presses the button: the way everybody comes in. */
export async function signIn(page: Page, email: string): Promise<void> {
  const known = new Set((await mailsTo(email)).map(({ id }) => id));
  await page.goto("/sign-in");
  await page.locator("input[name=email]").fill(email);
  await page.locator("main button[type=submit], form button[type=submit]").first().click();
  await page.waitForURL("**/sign-in/check**");
  let fresh: Mail | undefined;
  const look = async () => (fresh = (await mailsTo(email)).findLast(({ id, tags }) => !known.has(id) && tags.some(({ value }) => value === "sign-in")));
  await expect.poll(look, { message: `a sign-in mail to ${email}` }).toBeDefined();
  if (fresh) await confirm(page, linkIn(fresh, "/sign-in/confirm"));
}

/** Opens a sign-in link and presses its button. */
export async function confirm(page: Page, link: string): Promise<void> {
  await page.goto(link);
  await page.locator("form[action*='/api/auth/callback/email'] button").click();
  await page.waitForURL((url) => !url.pathname.startsWith("/sign-in") && !url.pathname.startsWith("/api/"));
}

/**
 * The cookies of a person of the demo world. Kept for the run, whose folder is emptied when the next one begins: who asks for too many
 * links is refused.
 */
export async function stateOf(browser: Browser, email: string): Promise<Cookies> {
  const file = `test-results/people/${email}.json`;
  if (existsSync(file)) return JSON.parse(readFileSync(file, "utf8")) as Cookies;
  const context = await browser.newContext(makingOf({ locale: "en-GB", timeZone: "Europe/Paris", state: nobody }));
  await signIn(await context.newPage(), email);
  const state = await context.storageState();
  await context.close();
  mkdirSync(dirname(file), { recursive: true });
  // Renamed into place, so that another worker reads all of it or nothing.
  writeFileSync(`${file}.${process.pid}`, JSON.stringify(state), { mode: 0o600 });
  renameSync(`${file}.${process.pid}`, file);
  return state;
}

/** An organization of its own, made as people make one: Ada begins it and invites the others, who join from their mail. */
export async function foundTeam(browser: Browser, name: string): Promise<Team> {
  const ada: Person = { name: "Ada Sinclair", email: uniqueEmail("ada"), locale: "en-US", timeZone: "America/New_York", state: nobody };
  const context = await browser.newContext(makingOf(ada));
  const page = await context.newPage();
  await signIn(page, ada.email);
  const slug = await begin(page, name, ada.name);
  ada.state = await context.storageState();
  const camille: Person = { name: "Camille Laurent", email: uniqueEmail("camille"), locale: "fr-FR", timeZone: "Europe/Paris", state: nobody };
  const minjun: Person = { name: "김민준", email: uniqueEmail("minjun"), locale: "ko-KR", timeZone: "Asia/Seoul", state: nobody };
  await invite(page, slug, [camille.email, minjun.email]);
  await context.close();
  for (const person of [camille, minjun]) await join(browser, person);
  return { name, slug, ada, camille, minjun };
}

/** From the page for people without an organization to the new one; gives its slug. */
export async function begin(page: Page, organization: string, founder: string): Promise<string> {
  await page.goto("/begin");
  await zoneKnown(page);
  await page.getByLabel("Your name").fill(founder);
  await page.getByLabel("Name of the organization").fill(organization);
  await page.getByRole("button", { name: "Create" }).click();
  await page.waitForURL((url) => url.pathname !== "/begin");
  return new URL(page.url()).pathname.split("/")[1] ?? "";
}

/** The form sends the browser's zone once its script runs; who is faster gets the organization's. */
const zoneKnown = (page: Page) => expect(page.locator("input[name=timeZone]")).not.toHaveValue("");

/** As an English-speaking admin. */
export async function invite(page: Page, slug: string, addresses: string[]): Promise<void> {
  await page.goto(`/${slug}/settings/members`);
  await page.getByLabel("E-mail addresses").fill(addresses.join("\n"));
  await page.getByRole("button", { name: "Send invitations" }).click();
  await expect(page.getByText(/invitations? (is|are) on (its|their) way/)).toBeVisible();
}

/** Accepts the invitation in the mailbox, in a new browser; fills in the person's cookies. */
export async function join(browser: Browser, person: Person): Promise<void> {
  const context = await browser.newContext(makingOf(person));
  const page = await context.newPage();
  await page.goto(linkIn(await mailTo(person.email), "/join/"));
  await zoneKnown(page);
  await page.locator("input[name=name]").fill(person.name);
  await page.locator("main form button[type=submit]").click();
  await page.waitForURL((url) => !url.pathname.startsWith("/join/"));
  person.state = await context.storageState();
  await context.close();
}
