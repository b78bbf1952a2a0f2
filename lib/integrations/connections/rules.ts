import { Refused } from "@/lib/platform/errors";

export interface Site {
  cloudId: string;
  name: string;
  url: string;
  avatarUrl: string | null;
}

/**
 * The wanted sites as the grant has them. Atlassian may list a site once for each of its products, so the first of an id stands for all.
 * @throws Refused INVALID when one of them is not among those that the grant reaches.
 */
export function chosenSites<S extends Pick<Site, "cloudId">>(sites: S[], cloudIds: string[]): S[] {
  const byId = new Map([...sites].reverse().map((site) => [site.cloudId, site]));
  return [...new Set(cloudIds)].map((cloudId) => {
    const site = byId.get(cloudId);
    if (site) return site;
    throw new Refused("INVALID", {
      detail: "This grant does not reach one of the sites.",
      fields: [{ path: ["cloudIds"], code: "unknown-site", detail: "This grant does not reach one of the sites. Reload the page to see which it does." }],
    });
  });
}

/** What a connection of another organization's leaves of the wanted sites: each refused by name. */
export function siteTaken(names: string[]): Refused {
  return new Refused("SITE_TAKEN", {
    detail: `Already connected to another organization: ${names.join(", ")}.`,
    fields: names.map((site) => ({ path: ["cloudIds"], code: "site-taken", detail: `${site} is already connected to another organization.`, values: { site } })),
  });
}
