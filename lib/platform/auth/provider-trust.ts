/**
 * Whether a provider vouches for the address in its answer. Only then may it make a person or reach an existing one: an address
 * that anybody can type at their provider would open the account of whoever owns it.
 */
export function vouchesForEmail(provider: string, profile: Record<string, unknown>, azureTenant: string): boolean {
  if (typeof profile.email !== "string" || profile.email === "") return false;
  switch (provider) {
    case "google":
      return profile.email_verified === true;
    case "github":
      // Set by our own reading of /user/emails (providers.ts); GitHub's profile alone does not say.
      return profile.email_verified === true;
    case "azure-ad":
      // Admins of any Entra tenant can write any address into `email`; only our own tenant, or the claim that Microsoft checked
      // the domain's owner, counts (https://learn.microsoft.com/entra/identity-platform/migrate-off-email-claim-authorization).
      return !sharedTenants.has(azureTenant) || isTrue(profile.xms_edov);
    default:
      return false;
  }
}

const sharedTenants = new Set(["common", "organizations", "consumers"]);
const isTrue = (claim: unknown) => claim === true || claim === 1 || claim === "1" || claim === "true";
