import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

/** [rule, file that breaks it, what it imports] */
const offences = [
  ["1-pages-call-what-authorizes", "app/meetings/page.tsx", 'import { x } from "@/lib/meetings/commands"'],
  ["1-routes-call-commands-and-queries", "app/api/meetings/route.ts", 'import { x } from "@/lib/meetings/rules"'],
  ["1-app-touches-no-tables", "app/api/tables/route.ts", 'import type { x } from "@/lib/meetings/tables"'],
  ["2-components-use-actions-and-inputs", "components/meetings/list.tsx", 'import { x } from "@/lib/meetings/queries"'],
  ["2-ui-knows-no-domain", "components/ui/button.tsx", 'import type { x } from "@/lib/meetings/inputs"'],
  ["3-functions-load-call-record", "inngest/functions/remind.ts", 'import { x } from "@/lib/meetings/policy"'],
  ["4-a-domain-keeps-to-itself", "lib/meetings/commands.ts", 'import { x } from "@/lib/notifications/commands"'],
  ["4-notifications-and-integrations-hear-events", "lib/notifications/commands.ts", 'import { x } from "@/lib/meetings/inputs"'],
  ["5-the-platform-stands-alone", "lib/platform/errors.ts", 'import { x } from "@/lib/meetings/inputs"'],
  ["5-policy-rules-and-mappings-are-pure", "lib/meetings/policy.ts", 'import { x } from "@/lib/platform/clock"'],
  ["5-policy-rules-and-mappings-are-pure", "lib/meetings/reminders/rules.ts", 'import x from "postgres"'],
  ["6-drizzle-only-beside-the-data", "lib/meetings/events.ts", 'import x from "drizzle-orm"'],
  ["6-only-its-owner-imports-postgres", "lib/meetings/queries.ts", 'import x from "postgres"'],
  ["6-only-its-owner-imports-resend", "lib/notifications/channels/email.ts", 'import x from "resend"'],
  ["6-only-its-owner-imports-pusher", "lib/notifications/channels/realtime.ts", 'import x from "pusher"'],
  ["6-only-its-owner-imports-web-push", "lib/notifications/channels/push.ts", 'import x from "web-push"'],
  ["6-only-its-owner-imports-@aws-sdk", "lib/feed/media/commands.ts", 'import x from "@aws-sdk/client-s3"'],
  ["6-only-its-owner-imports-undici", "lib/platform/fcm.ts", 'import x from "undici"'],
  ["6-only-its-owner-imports-inngest", "lib/platform/outbox/relay.ts", 'import x from "inngest"'],
  ["7-nobody-imports-engines-or-tests", "lib/platform/mail.ts", 'import { x } from "@/local/mail/main"'],
  ["7-engines-know-no-application", "local/mail/outgoing.ts", 'import { x } from "@/lib/platform/clock"'],
  ["7-no-cycles", "lib/feed/inputs.ts", 'import { x } from "./mappings"'],
] as const;

/** What the offences import, and code that keeps every rule. */
const innocent: Record<string, string> = {
  "lib/meetings/rules.ts": "",
  "lib/meetings/inputs.ts": "",
  "lib/meetings/tables.ts": 'import y from "drizzle-orm";',
  "lib/notifications/inputs.ts": "",
  // The other half of the cycle, which is told of once.
  "lib/feed/mappings.ts": 'import { z as y } from "./inputs"; console.log(y);',
  "lib/platform/clock.ts": "",
  "local/mail/main.ts": "",
  "app/inbox/page.tsx": 'import { y } from "@/lib/notifications/queries"; import type { z } from "@/lib/meetings/rules";',
  "app/api/inngest/route.ts": 'import y from "inngest"; import z from "@/inngest/client";',
  "inngest/client.ts": 'import y from "inngest"; import z from "@/lib/notifications/queries";',
  "lib/notifications/queries.ts": 'import { y } from "@/lib/meetings/events2/events"; import z from "drizzle-orm";',
  "lib/meetings/events2/events.ts": "",
  "lib/organizations/actor.ts": 'import { y } from "@/lib/platform/clock";',
};

interface Report {
  summary: { violations: { from: string; rule: { name: string } }[]; ruleSetUsed: { forbidden: { name: string }[] } };
}

const root = resolve(import.meta.dirname, "../..");

describe("the import rules", () => {
  let folder = "";
  let found: { rule: string; file: string }[] = [];
  let rules: string[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "moim-architecture-"));
    const files: Record<string, string> = {};
    for (const [path, source] of Object.entries(innocent)) files[path] = `${source}\nexport const x = 1;\n`;
    for (const [, path, source] of offences) {
      const use = source.includes("import type") ? "export type Y = typeof x;" : "console.log(x);";
      files[path] = `${files[path] ?? ""}${source};\n${use}\nexport const z = 1;\n`;
    }
    files["tsconfig.json"] = '{ "compilerOptions": { "paths": { "@/*": ["./*"] }, "module": "esnext", "moduleResolution": "bundler" } }';
    for (const [path, source] of Object.entries(files)) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), source);
    }
    const { summary } = await cruise(folder);
    found = summary.violations.map(({ from, rule }) => ({ rule: rule.name, file: from }));
    rules = summary.ruleSetUsed.forbidden.map(({ name }) => name);
  }, 60_000);

  afterAll(() => rm(folder, { recursive: true, force: true }));

  test.each(offences)("%s refuses %s", (rule, file) => {
    expect(found).toContainEqual({ rule, file });
  });

  test("every rule is shown to bite", () => {
    const shown = new Set<string>(offences.map(([rule]) => rule));
    expect(rules.filter((rule) => !shown.has(rule))).toEqual([]);
  });

  test("code that keeps the rules is left alone", () => {
    const culprits = new Set<string>(offences.map(([, file]) => file));
    expect(found.filter(({ file }) => !culprits.has(file))).toEqual([]);
  });
});

function cruise(cwd: string): Promise<Report> {
  const bin = join(root, "node_modules/dependency-cruiser/bin/dependency-cruise.mjs");
  const args = [bin, "--config", join(root, ".dependency-cruiser.cjs"), "--output-type", "json", "app", "components", "lib", "inngest", "local"];
  return new Promise((done, fail) => {
    // It exits with the number of errors, which is what this test is after.
    execFile(process.execPath, args, { cwd, maxBuffer: 50_000_000 }, (error, stdout, stderr) => {
      if (!stdout) return fail(error ?? new Error(stderr));
      done(JSON.parse(stdout) as Report);
    });
  });
}
