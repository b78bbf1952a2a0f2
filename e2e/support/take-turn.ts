import { takeTurn } from "@/lib/integrations/credentials/budgets/commands";
import { closeDatabase, systemTenant } from "@/lib/platform/db/client";

/** Asks for one turn at a site and prints what it was given. */
const [organizationId = "", siteId = ""] = process.argv.slice(2);
process.stdout.write(JSON.stringify(await takeTurn(systemTenant(organizationId), siteId)));
await closeDatabase();
