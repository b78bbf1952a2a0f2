import { test as base, type APIRequestContext, type BrowserContext, type Page } from "@playwright/test";
import { contextOf, foundTeam, type Person, type Team } from "./people";
import { run } from "./run";
import { unique } from "./unique";
import { Watch } from "./watch";

interface Fixtures {
  /** Fails the test for what no browser in it may do. */
  watch: Watch;
  /** A browser of this person, beside those of others. */
  browserOf: (person: Person) => Promise<BrowserContext>;
  /** A page in a browser of this person. */
  pageOf: (person: Person) => Promise<Page>;
  /** The API as this person, with the cookies of their browser. */
  apiOf: (person: Person) => Promise<APIRequestContext>;
}

interface WorkerFixtures {
  /** One organization a worker, whose tests come one after another: no two tests share it at a time. */
  team: Team;
}

export const test = base.extend<Fixtures, WorkerFixtures>({
  team: [
    async ({ browser }, use) => {
      await use(await foundTeam(browser, unique("Atelier")));
    },
    { scope: "worker", timeout: 120_000 },
  ],

  watch: [
    async ({}, use) => {
      const watch = new Watch();
      await use(watch);
      watch.end();
    },
    { auto: true },
  ],

  context: async ({ context, watch }, use) => {
    await watch.over(context);
    await use(context);
  },

  browserOf: async ({ browser, watch }, use) => {
    const opened: BrowserContext[] = [];
    await use(async (person) => {
      const context = await contextOf(browser, person);
      opened.push(context);
      await watch.over(context);
      return context;
    });
    await Promise.all(opened.map((context) => context.close()));
  },

  pageOf: async ({ browserOf }, use) => {
    await use(async (person) => (await browserOf(person)).newPage());
  },

  apiOf: async ({ playwright }, use) => {
    const opened: APIRequestContext[] = [];
    await use(async (person) => {
      const api = await playwright.request.newContext({ baseURL: run.app.url, storageState: person.state });
      opened.push(api);
      return api;
    });
    await Promise.all(opened.map((api) => api.dispose()));
  },
});

export { expect } from "@playwright/test";
