import { invalid } from "./refusal";

const localPart = "[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}";
const domainLabel = "[\\p{L}\\p{N}](?:[\\p{L}\\p{N}-]{0,61}[\\p{L}\\p{N}])?";
const address = `${localPart}@${domainLabel}(?:\\.${domainLabel})+`;
const bare = new RegExp(`^${address}$`, "u");
const named = new RegExp(`^(.*?)\\s*<\\s*(${address})\\s*>$`, "su");

/** Characters that change the meaning of a header unless the name is quoted (RFC 5322 section 3.2.3). */
const needsQuotes = /[,;:<>()[\]\\@]/;
const quoted = /^"(?:[^"\\]|\\.)*"$/s;

/** The bare address of `email@example.com` or `Name <email@example.com>`, or null when it is neither. */
export function addressOf(text: string): string | null {
  const trimmed = text.trim();
  // Several lines in one address is an attempt, or an accident, to add a header.
  if (/[\r\n\0]/.test(trimmed)) return null;
  if (bare.test(trimmed)) return trimmed;
  const match = named.exec(trimmed);
  const name = match?.[1];
  const found = match?.[2];
  if (name === undefined || found === undefined) return null;
  if (!quoted.test(name) && (needsQuotes.test(name) || name.includes('"'))) return null;
  return found;
}

export function requireAddress(field: string, text: string): string {
  if (addressOf(text) === null) {
    throw invalid(
      `Invalid \`${field}\` field. The email address needs to follow the \`email@example.com\` or ` +
        "`Name <email@example.com>` format.",
    );
  }
  return text.trim();
}

export const domainOf = (text: string): string => (addressOf(text) ?? "@localhost").split("@").pop() ?? "localhost";
