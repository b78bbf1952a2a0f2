import { systemTenant } from "@/lib/platform/db/client";
import { withLogContext } from "@/lib/platform/log";
import { renewAhead } from "@/lib/integrations/credentials/upkeep/commands";
import { grantsToRenew } from "@/lib/integrations/credentials/upkeep/queries";
import { inngest } from "../client";

/** Each of them holds a connection to the database while Atlassian thinks. */
const atOnce = 5;

/**
 * Every five minutes, because a refresh that was cut off must be repeated within ten: after that the refresh token counts as stolen
 * (https://developer.atlassian.com/cloud/jira/platform/oauth-2-3lo-apps/).
 */
export const refreshGrants = inngest.createFunction(
  { id: "refresh-grants", name: "Renew tokens ahead of need", triggers: [{ cron: "*/5 * * * *" }], concurrency: 1, retries: 2 },
  async ({ step, runId }) => {
    const due = await step.run("find", grantsToRenew);
    const outcomes: string[] = [];
    for (let start = 0; start < due.length; start += atOnce) {
      const some = due.slice(start, start + atOnce);
      const renewals = await step.run(`renew ${start}`, () =>
        withLogContext({ runId }, () => Promise.all(some.map(({ organizationId, credentialId, version }) => renewAhead(systemTenant(organizationId), credentialId, version)))),
      );
      outcomes.push(...renewals);
    }
    return { due: due.length, ...Object.fromEntries([...new Set(outcomes)].map((outcome) => [outcome, outcomes.filter((one) => one === outcome).length])) };
  },
);
