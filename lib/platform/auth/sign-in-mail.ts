import { setTimeout as wait } from "node:timers/promises";
import { eq } from "drizzle-orm";
import { createTranslator } from "next-intl";
import { asSystem } from "../db/client";
import { Refused } from "../errors";
import { toLocale, type Locale } from "../i18n/locales";
import { messagesOf } from "../i18n/messages";
import { log } from "../log";
import { sendMail, type Mail } from "../mail";
import { limitRate } from "../rate-limit";
import { createSignInLink } from "./sign-in-link";
import { users } from "./tables";
import { hashSecret } from "./token-hash";

const windowSeconds = 15 * 60;
const mailsPerAddress = 6;
const mailsPerClient = 60;

/** Somebody waits in front of the page: three tries within two seconds, then an honest refusal. */
const retryAfterMs = [0, 500, 1500];

/** Who asks, for limits and language; the same answer whether or not the address is known here. */
export interface SignInRequest {
  clientAddress: string;
  locale: Locale;
}

/** @throws Refused TOO_MANY_REQUESTS: per address, so that nobody's mailbox is flooded, and per client, so that no list is tried. */
export async function limitSignInMails(email: string, clientAddress: string): Promise<void> {
  await limitRate(`sign-in-mail:client:${clientAddress}`, mailsPerClient, windowSeconds);
  await limitRate(`sign-in-mail:address:${hashSecret(email)}`, mailsPerAddress, windowSeconds);
}

/**
 * Mails a fresh sign-in link. Anyone may ask for any address: a new person is made when the link is used.
 * @throws Refused TOO_MANY_REQUESTS, MAIL_UNAVAILABLE.
 */
export async function requestSignInLink(email: string, returnTo: string, request: SignInRequest): Promise<void> {
  await limitSignInMails(email, request.clientAddress);
  await sendSignInMail(email, await createSignInLink(email, returnTo), request.locale);
}

/** In the language the person chose, else the one their request asked for. */
export async function sendSignInMail(email: string, link: string, requestLocale: Locale): Promise<void> {
  const mail = await signInMail(email, link, (await chosenLocale(email)) ?? requestLocale);
  const idempotencyKey = `sign-in/${hashSecret(link)}`;
  for (const pauseMs of retryAfterMs) {
    await wait(pauseMs);
    const answer = await sendMail(mail, idempotencyKey);
    if (answer.ok) return;
    log.warn("sign-in mail refused", { statusCode: answer.statusCode, answer: answer.answer });
    if (!answer.retryable) break;
  }
  throw new Refused("MAIL_UNAVAILABLE");
}

async function chosenLocale(email: string): Promise<Locale | null> {
  const [row] = await asSystem("authentication", (tx) =>
    tx.select({ locale: users.locale }).from(users).where(eq(users.email, email)),
  );
  return row ? toLocale(row.locale) : null;
}

export async function signInMail(to: string, link: string, locale: Locale): Promise<Mail> {
  const t = createTranslator({ locale, messages: await messagesOf(locale), namespace: "auth.mail" });
  const text = [t("greeting"), "", t("lead"), "", link, "", t("validity"), "", t("notYou"), "", t("signature")].join("\n");
  return {
    to,
    subject: t("subject"),
    text,
    html: page({
      locale,
      title: t("subject"),
      preview: t("lead"),
      greeting: t("greeting"),
      lead: t("lead"),
      button: t("button"),
      link,
      fallback: t("fallback"),
      validity: t("validity"),
      notYou: t("notYou"),
      signature: t("signature"),
    }),
    // Answers of holiday responders to a sign-in mail help nobody (RFC 3834).
    headers: { "Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All" },
    tags: [{ name: "kind", value: "sign-in" }],
  };
}

type Part = "locale" | "title" | "preview" | "greeting" | "lead" | "button" | "link" | "fallback" | "validity" | "notYou" | "signature";

/** Tables and inline styles, because mail programs know little else; colours that stay legible when a dark mode inverts them. */
function page(raw: Record<Part, string>): string {
  const part = Object.fromEntries(Object.entries(raw).map(([name, text]) => [name, escape(text)])) as Record<Part, string>;
  return `<!doctype html>
<html lang="${part.locale}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark"><title>${part.title}</title></head>
<body style="margin:0;padding:0;font-family:-apple-system,'Segoe UI','Apple SD Gothic Neo','Malgun Gothic',Roboto,Arial,sans-serif">
<div style="display:none;max-height:0;overflow:hidden">${part.preview}</div>
<table role="presentation" width="100%" cellpadding="0" cellspacing="0"><tr><td align="center" style="padding:32px 16px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:480px"><tr><td style="font-size:16px;line-height:1.6">
<p style="margin:0 0 24px;font-size:20px;font-weight:700">Moim</p>
<p style="margin:0 0 8px">${part.greeting}</p>
<p style="margin:0 0 24px">${part.lead}</p>
<p style="margin:0 0 24px"><a href="${part.link}" style="display:inline-block;padding:12px 24px;border-radius:8px;background:#2f5d50;color:#ffffff;font-weight:600;text-decoration:none">${part.button}</a></p>
<p style="margin:0 0 8px;font-size:14px">${part.fallback}<br><a href="${part.link}" style="word-break:break-all">${part.link}</a></p>
<p style="margin:0 0 24px;font-size:14px">${part.validity}</p>
<p style="margin:0 0 24px;font-size:14px">${part.notYou}</p>
<p style="margin:0;font-size:14px">${part.signature}</p>
</td></tr></table></td></tr></table></body></html>`;
}

const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
const escape = (text: string) => text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
