import { expect, type Page } from "@playwright/test";
import axe from "axe-core";

interface Finding {
  id: string;
  help: string;
  nodes: { target: unknown[]; failureSummary?: string }[];
}

/** WCAG 2.2 AA and axe's best practices. The debugger evaluates the script, so the page's own policy stays as it is. */
export async function expectAccessible(page: Page): Promise<void> {
  await colorsSettled(page);
  if (!(await page.evaluate("'axe' in window"))) await page.evaluate(axe.source);
  const findings = (await page.evaluate("axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => violations)")) as Finding[];
  const told = findings.flatMap(({ id, help, nodes }) => nodes.map((node) => `${id}: ${help}\n  ${node.target.join(" ")}\n  ${node.failureSummary ?? ""}`));
  expect(told, `accessibility of ${page.url()}`).toEqual([]);
}

/**
 * A colour on its way to another, as after a change of scheme, is nobody's to read. What goes on for ever is not waited for, nor what says
 * that it ends and never does: a browser that has nothing to paint holds its animations where they are.
 */
async function colorsSettled(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const settled = async () => {
      await new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted)));
      const ending = document.getAnimations().filter(({ effect }) => effect?.getComputedTiming().endTime !== Infinity);
      await Promise.allSettled(ending.map(({ finished }) => finished));
    };
    await Promise.race([settled(), new Promise((passed) => setTimeout(passed, 2_000))]);
  });
}

/** Nothing sticks out sideways: WCAG 1.4.10 asks for no scrolling in two directions. */
export async function expectNoOverflow(page: Page): Promise<void> {
  const { wide, culprits } = await page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    const sticking = [...document.querySelectorAll("body *")].filter((element) => element.getBoundingClientRect().right > width + 1);
    return {
      wide: document.documentElement.scrollWidth > width,
      culprits: sticking.slice(0, 5).map((element) => `${element.tagName} ${element.className} ${element.textContent?.slice(0, 40)}`),
    };
  });
  expect(wide, `${page.url()} scrolls sideways: ${culprits.join(" | ")}`).toBe(false);
}
