import type { Connection, SignedInUser } from "./connection";
import { frame, type Frame } from "./frames";

/** Who is signed in, with which connections, and who watches whom. */
export class Users {
  private readonly online = new Map<string, Set<Connection>>();
  private readonly watchers = new Map<string, Set<Connection>>();

  get count(): number {
    return this.online.size;
  }

  connectionsOf(userId: string): Connection[] {
    return [...(this.online.get(userId) ?? [])];
  }

  send(userId: string, message: Frame, except?: string): void {
    for (const connection of this.online.get(userId) ?? []) {
      if (connection.id !== except) connection.send(message);
    }
  }

  /** Ends with the state of the watch list, so that the client starts from the whole picture. */
  signIn(connection: Connection, user: SignedInUser): void {
    connection.user = user;
    if (addTo(this.online, user.id, connection)) this.tellWatchers(user.id, "online");
    for (const watched of user.watchlist) addTo(this.watchers, watched, connection);
    const online = user.watchlist.filter((id) => this.online.has(id));
    const offline = user.watchlist.filter((id) => !this.online.has(id));
    const events = [
      ...(online.length > 0 ? [{ name: "online", user_ids: online }] : []),
      ...(offline.length > 0 ? [{ name: "offline", user_ids: offline }] : []),
    ];
    if (events.length > 0) connection.send(watchlistFrame(events));
  }

  signOut(connection: Connection): void {
    const { user } = connection;
    if (!user) return;
    connection.user = undefined;
    for (const watched of user.watchlist) removeFrom(this.watchers, watched, connection);
    if (removeFrom(this.online, user.id, connection)) this.tellWatchers(user.id, "offline");
  }

  private tellWatchers(userId: string, name: "online" | "offline"): void {
    const watchers = this.watchers.get(userId);
    if (!watchers) return;
    const message = watchlistFrame([{ name, user_ids: [userId] }]);
    for (const watcher of watchers) watcher.send(message);
  }
}

function watchlistFrame(events: { name: string; user_ids: string[] }[]): Frame {
  return frame({ event: "pusher_internal:watchlist_events", data: JSON.stringify({ events }) });
}

/** Whether the key is new. */
function addTo(sets: Map<string, Set<Connection>>, key: string, connection: Connection): boolean {
  const set = sets.get(key);
  if (set) {
    set.add(connection);
    return false;
  }
  sets.set(key, new Set([connection]));
  return true;
}

/** Whether the key is gone. */
function removeFrom(sets: Map<string, Set<Connection>>, key: string, connection: Connection): boolean {
  const set = sets.get(key);
  if (!set?.delete(connection) || set.size > 0) return false;
  sets.delete(key);
  return true;
}
