import { accessTokenOf } from "@/lib/integrations/credentials/queries";
import { systemTenant } from "@/lib/platform/db/client";

/**
 * Asks for a credential's token as often as wanted at once, when told to over stdin, and prints what it got. With `die` it is killed as soon
 * as the token server's answer is there, before anything of it is written. Ends with whoever started it.
 */
const [organizationId = "", credentialId = "", callers = "1", mode = ""] = process.argv.slice(2);

if (mode === "die") {
  const ask = globalThis.fetch;
  globalThis.fetch = async (...wish) => {
    const answer = await ask(...wish);
    await answer.clone().text();
    process.kill(process.pid, "SIGKILL");
    return answer;
  };
}

process.stdin.once("data", () => {
  const asked = Array.from({ length: Number(callers) }, () =>
    accessTokenOf(systemTenant(organizationId), credentialId).then(
      ({ token, version }) => `${version} ${token}`,
      (error: unknown) => String(error),
    ),
  );
  void Promise.all(asked).then((answers) => {
    process.stdout.write(`${JSON.stringify(answers)}\n`, () => process.exit(0));
  });
});
process.stdin.on("end", () => process.exit(0));
process.stdout.write("ready\n");
