import type { Engine } from "../engine";
import { Answer } from "../http";
import type { Account, Client, Site } from "../world/entities";

const unknown = (what: string, name: string): Answer => new Answer(404, { message: `There is no ${what} ${name}.` });

/** By key, id or e-mail address. */
export function accountBy({ store }: Engine, name: string): Account {
  const found = store.all("accounts").find(({ id, key, email }) => id === name || key === name || email === name);
  if (!found) throw unknown("account", name);
  return found;
}

/** By slug or cloud id. */
export function siteBy({ store }: Engine, name: string): Site {
  const found = store.all("sites").find(({ id, slug }) => id === name || slug === name);
  if (!found) throw unknown("site", name);
  return found;
}

/** The first one that is registered when none is named. */
export function clientBy({ store }: Engine, id: string | undefined): Client {
  const found = id === undefined ? store.all("clients")[0] : store.get("clients", id);
  if (!found) throw unknown("application", id ?? "at all");
  return found;
}
