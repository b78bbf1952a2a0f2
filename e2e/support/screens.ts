import type { Page } from "@playwright/test";
import { expectAccessible, expectNoOverflow } from "./axe";

type Scheme = "light" | "dark";
const narrow = { width: 360, height: 800 };
const wide = { width: 1280, height: 800 };

/** Each width and each colour scheme is scanned once; the other two are for the eye and differ in nothing that a scan would find. */
const scanned = [
  { size: wide, scheme: "light" },
  { size: narrow, scheme: "dark" },
] as const;
const seen = [
  { size: narrow, scheme: "light" },
  { size: wide, scheme: "dark" },
] as const;

/** The page is accessible and no wider than its screen; pictures of it are kept for people to look at. */
export async function expectGood(page: Page, name: string, every = true): Promise<void> {
  for (const { size, scheme } of scanned) {
    await look(page, name, size, scheme);
    await expectAccessible(page);
    await expectNoOverflow(page);
  }
  if (every) for (const { size, scheme } of seen) await look(page, name, size, scheme);
}

async function look(page: Page, name: string, size: typeof narrow, scheme: Scheme): Promise<void> {
  await page.setViewportSize(size);
  await page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
  // The change of scheme reaches the glass a frame later.
  await page.evaluate(() => new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted))));
  await page.screenshot({ path: `test-results/screens/${name}-${size.width}-${scheme}.png`, fullPage: true });
}
