import type { Page } from "@playwright/test";

const sizes = [
  { width: 360, height: 800 },
  { width: 1280, height: 800 },
];

/** A picture of the page at each size, light and dark, for people to look at; `at` runs at each. */
export async function eachLook(page: Page, name: string, at: () => Promise<void> = async () => undefined): Promise<void> {
  for (const size of sizes) {
    await page.setViewportSize(size);
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await page.screenshot({ path: `test-results/screens/${name}-${size.width}-${colorScheme}.png`, fullPage: true });
      await at();
    }
  }
}
