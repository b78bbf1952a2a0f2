"use server";

import { cookies } from "next/headers";
import { revalidatePath } from "next/cache";
import { eq } from "drizzle-orm";
import { currentSession } from "../auth/session";
import { users } from "../auth/tables";
import { asUser } from "../db/client";
import { env } from "../env";
import { isLocale, localeCookie } from "./locales";

const yearSeconds = 31_536_000;

/** Switches the language of this browser, and of the person's mails when they are signed in. */
export async function chooseLocaleAction(form: FormData): Promise<void> {
  const locale = form.get("locale");
  if (!isLocale(locale)) return;
  const secure = env().APP_URL.startsWith("https:");
  (await cookies()).set(localeCookie, locale, { maxAge: yearSeconds, sameSite: "lax", path: "/", httpOnly: true, secure });
  const session = await currentSession();
  if (session) {
    const { id } = session.user;
    await asUser(id, (tx) => tx.update(users).set({ locale }).where(eq(users.id, id)));
  }
  revalidatePath("/", "layout");
}
