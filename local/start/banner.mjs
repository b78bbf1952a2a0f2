// @ts-check

/**
 * What a person needs to know once everything runs.
 * @param {{
 *   run: import("./run-file.mjs").Run,
 *   dataDir: string,
 *   engines: import("./settings.mjs").Engines,
 *   seconds: number,
 *   dev: boolean,
 * }} facts
 */
export function banner({ run, dataDir, engines, seconds, dev }) {
  const lines = [
    "",
    `Moim is ready after ${seconds.toFixed(1)} s${dev ? " (development, with hot reload)" : ""}.`,
    "",
    `  App          ${run.app.url}`,
  ];
  if (run.demo) lines.push(`  Sign in      ${run.demo.signInUrl}`, `               one click, as ${run.demo.email}`);
  if (engines.mail) lines.push(`  Mailbox      ${run.mail.url}   every mail that the app sends`);
  if (engines.atlassian) lines.push(`  Jira         ${run.atlassian.url}   sites, issues, webhooks and what can go wrong with them`);
  if (engines.inngest) lines.push(`  Jobs         ${run.inngest.url}   functions, runs, steps, errors`);
  lines.push(
    `  Data, logs   ${dataDir}`,
    "",
    engines.mail
      ? "Others get in by an invitation from Settings > Members, or by asking for a sign-in link; both mails arrive in the mailbox."
      : "Others get in by an invitation from Settings > Members, or by asking for a sign-in link.",
    "Ctrl-C stops everything and keeps all data.",
    "",
  );
  return lines.join("\n");
}
