import type { Tenant } from "@/lib/platform/db/client";
import type { Role } from "./inputs";

/**
 * A person acting inside one organization, proven by a session or an API token. This file is the only mint of `Member`: a query
 * or command that asks for one cannot be called with a bare id.
 */
export interface Member extends Tenant {
  readonly id: string;
  readonly userId: string;
  readonly role: Role;
  readonly email: string;
  readonly name: string;
  readonly locale: string;
  readonly timeZone: string;
  readonly hourCycle: "auto" | "h12" | "h23";
  readonly weekStart: "auto" | "monday" | "sunday" | "saturday";
  readonly organizationName: string;
  readonly organizationSlug: string;
}
