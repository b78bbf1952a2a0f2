import type { FieldFault } from "@/lib/platform/errors";

/** How long a rotated secret is still taken: long enough for somebody to change it over there during their working day. */
export const overlapMs = 24 * 60 * 60 * 1000;

const dayMs = 86_400_000;

/** Jira forgets a registered webhook 30 days after it was made or renewed; with so many left it is renewed. */
export const lifetimeMs = 30 * dayMs;
export const renewWithinMs = 20 * dayMs;
/** With so little left and no renewal succeeding, somebody is told. */
export const alertWithinMs = 7 * dayMs;

/** What Jira said against a webhook, as faults whose words a form knows; what it does not know it says in Jira's. */
export function faultsOfHook(errors: string[]): FieldFault[] {
  return errors.map((words) => ({ path: [], code: codeOf(words), detail: `Jira says: ${words}`, values: { words } }));
}

function codeOf(words: string): string {
  if (/single url/i.test(words)) return "hook-url";
  if (/maximum number/i.test(words)) return "hook-count";
  return "jira-said";
}

/** Somebody may be registering it at this moment and not have written it down yet. */
const justMadeMs = 5 * 60_000;

/** Whether a webhook over there is one of ours that no connection knows. */
export function isLeftover(hook: { id: string; url: string; expiresAt: Date | null }, { ours, known, now }: { ours: string; known: string[]; now: Date }): boolean {
  if (!hook.url.startsWith(ours) || known.includes(hook.id)) return false;
  return hook.expiresAt !== null && hook.expiresAt.getTime() < now.getTime() + lifetimeMs - justMadeMs;
}
