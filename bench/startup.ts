// How long `npm start` takes until the app answers, beside Next alone with an empty app. Works on a copy of the checkout: a build of
// its own must not replace the one that other instances run from.
import { cpSync, mkdirSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { startIsolated } from "@/local/test/isolated-instance.mjs";
import { buildFloor, startFloor } from "./measuring/floor-next";
import { printTable, seconds, times } from "./measuring/table";

const root = join(import.meta.dirname, "..");
const checkout = join(root, ".moim-bench", "checkout");
const dataDir = join(root, ".moim-bench", "startup");
const notSource = /^(node_modules|\.next.*|\.moim.*|\.git|bench|test-results|playwright-report|coverage)$/;
const interruption = new AbortController();
process.once("SIGTERM", () => interruption.abort(new Error("interrupted")));

const floorBuildMs = await buildFloor();
const floorStartMs = await nextAlone();
copyCheckout();
const first = await start({ keep: false });
const warm = await start({ keep: true });
const cold = await start({ keep: false });
rmSync(checkout, { recursive: true, force: true });

function copyCheckout(): void {
  rmSync(checkout, { recursive: true, force: true });
  mkdirSync(checkout, { recursive: true });
  for (const name of readdirSync(root).filter((entry) => !notSource.test(entry))) cpSync(join(root, name), join(checkout, name), { recursive: true });
  symlinkSync(join(root, "node_modules"), join(checkout, "node_modules"), "junction");
}

async function start({ keep }: { keep: boolean }): Promise<number> {
  const startedAt = performance.now();
  const instance = await startIsolated({ root: checkout, dataDir, env: {}, signal: interruption.signal, keep });
  const took = performance.now() - startedAt;
  await instance.stop();
  return took;
}

async function nextAlone(): Promise<number> {
  const floor = await startFloor();
  await floor.stop();
  return floor.readyMs;
}

printTable(
  "Start-up: from the command until the app answers",
  ["", "Moim", "Next alone", "ratio"],
  [
    ["first: build, fresh data, demo world", seconds(first), seconds(floorBuildMs + floorStartMs), times(first, floorBuildMs + floorStartMs)],
    ["cold: fresh data, demo world", seconds(cold), seconds(floorStartMs), times(cold, floorStartMs)],
    ["warm", seconds(warm), seconds(floorStartMs), times(warm, floorStartMs)],
  ],
  ["Moim starts PostgreSQL, the mail, realtime, Jira and job engines and the app; packages are installed already."],
);
