// @ts-check
import { spawnSync } from "node:child_process";
import { accessSync, constants, existsSync } from "node:fs";
import { delimiter, join } from "node:path";

const names = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];
const macChrome = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome";

/** A Chromium of the system, or undefined. */
export function systemChromium() {
  if (process.env.CHROMIUM_PATH) return process.env.CHROMIUM_PATH;
  const folders = ["/usr/bin", ...(process.env.PATH ?? "").split(delimiter)];
  return [...folders.flatMap((folder) => names.map((name) => join(folder, name))), macChrome].find(isProgram);
}

/**
 * Makes sure of a browser for the end-to-end tests: the system's, else Debian's package (with fonts for Korean) when
 * we may install it, else Playwright's own download.
 * @param {{ root: string, say: (line: string) => void }} options
 */
export async function ensureBrowser({ root, say }) {
  if (systemChromium() || (await hasPlaywrightChromium())) return;
  if (process.getuid?.() === 0 && existsSync("/usr/bin/apt-get")) {
    say("installing Chromium (apt-get install chromium fonts-noto-cjk)");
    const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
    const apt = (/** @type {string[]} */ ...args) => spawnSync("apt-get", args, { stdio: "inherit", env }).status === 0;
    apt("update", "-qq");
    apt("install", "-y", "-qq", "--no-install-recommends", "chromium", "fonts-noto-cjk");
    if (systemChromium()) return;
  }
  say("installing Chromium (playwright install chromium)");
  const cli = join(root, "node_modules", "@playwright", "test", "cli.js");
  const withDeps = process.getuid?.() === 0 && process.platform === "linux" ? ["--with-deps"] : [];
  for (const args of [["install", ...withDeps, "chromium"], ["install", "chromium"]]) {
    if (spawnSync(process.execPath, [cli, ...args], { cwd: root, stdio: "inherit" }).status === 0) return;
  }
  throw new Error("There is no Chromium here and it could not be installed. Install one, or name it in CHROMIUM_PATH.");
}

async function hasPlaywrightChromium() {
  const { chromium } = await import("@playwright/test");
  return existsSync(chromium.executablePath());
}

/** @param {string} path */
function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
