import type { Page } from "@playwright/test";
import { expectAccessible, expectNoOverflow } from "./axe";

type Scheme = "light" | "dark";
const narrow = { width: 360, height: 800 };
const wide = { width: 1280, height: 800 };

/**
 * The page is accessible and no wider than its screen; pictures of it are kept for people to look at. Each width and each colour scheme
 * is scanned once: the other two pairs differ in nothing that a scan would find. What differs between languages is words, so those
 * beyond the first are scanned where words are most in each other's way.
 */
export async function expectGood(page: Page, name: string, inFull: boolean): Promise<void> {
  await look(page, name, wide, "light");
  await expectNoOverflow(page);
  if (inFull) {
    await expectAccessible(page);
    await look(page, name, wide, "dark");
    await look(page, name, narrow, "light");
  }
  await look(page, name, narrow, "dark");
  await expectNoOverflow(page);
  await expectAccessible(page);
}

async function look(page: Page, name: string, size: typeof narrow, scheme: Scheme): Promise<void> {
  await page.setViewportSize(size);
  await page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
  // The change of scheme reaches the glass a frame later.
  await page.evaluate(() => new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted))));
  await page.screenshot({ path: `test-results/screens/${name}-${size.width}-${scheme}.png`, fullPage: true });
}
