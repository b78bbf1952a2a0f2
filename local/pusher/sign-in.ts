import type { Connection, SignedInUser } from "./connection";
import { asRecord, frame, parseJson } from "./frames";
import type { Hub } from "./hub";
import type { Limits } from "./limits";
import { code, Refusal } from "./refusal";
import { isAuthorized, userText } from "./signature";

export function signIn(hub: Hub, connection: Connection, data: unknown): void {
  const request = asRecord(data);
  const userData = request?.user_data;
  if (typeof userData !== "string") throw new Refusal(code.unauthorized, "user_data must be a string of JSON.", true);
  if (!isAuthorized(hub.settings.app, request?.auth, userText(connection.id, userData))) {
    throw new Refusal(code.unauthorized, "Invalid signature of the user.", true);
  }
  const user = readUser(userData, hub.settings.limits);
  if (connection.user && connection.user.id !== user.id) {
    // The first user's private line and watch list hang on this connection: it cannot change hands.
    throw new Refusal(code.unauthorized, "Another user is signed in on this connection.");
  }
  hub.users.signOut(connection);
  connection.send(frame({ event: "pusher:signin_success", data: JSON.stringify({ user_data: userData }) }));
  hub.users.signIn(connection, user);
}

function readUser(userData: string, limits: Limits): SignedInUser {
  const { id, user_info: info, watchlist = [] } = asRecord(parseJson(userData)) ?? {};
  if (typeof id !== "string" || id === "" || id.length > limits.userIdLength) {
    throw new Refusal(code.unauthorized, `user_data needs an id: a string of 1 to ${limits.userIdLength} characters.`);
  }
  if (!Array.isArray(watchlist) || !watchlist.every((entry) => typeof entry === "string")) {
    throw new Refusal(code.unauthorized, "The watch list must be a list of user ids.");
  }
  if (watchlist.length > limits.watchlistLength) {
    throw new Refusal(code.watchlistTooLong, `A watch list has at most ${limits.watchlistLength} users.`);
  }
  return { id, info, watchlist: [...new Set(watchlist)] };
}
