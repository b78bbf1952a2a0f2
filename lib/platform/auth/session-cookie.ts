import { cookies, headers } from "next/headers";
import { env } from "../env";
import { sessionCookieName } from "./session";
import { closeSession, newSessionToken, openSession } from "./sessions";

/** Signs the browser of the running action in, replacing whoever was signed in before. The attributes are those next-auth uses. */
export async function signInBrowser(userId: string): Promise<void> {
  const jar = await cookies();
  const previous = jar.get(sessionCookieName())?.value;
  if (previous) await closeSession(previous);
  const token = newSessionToken();
  const { cookieExpiresAt } = await openSession(userId, token, (await headers()).get("user-agent"));
  jar.set(sessionCookieName(), token, {
    httpOnly: true,
    sameSite: "lax",
    path: "/",
    secure: env().APP_URL.startsWith("https://"),
    expires: cookieExpiresAt,
  });
}

export async function signOutBrowser(): Promise<void> {
  const jar = await cookies();
  const token = jar.get(sessionCookieName())?.value;
  if (token) await closeSession(token);
  jar.delete(sessionCookieName());
}
