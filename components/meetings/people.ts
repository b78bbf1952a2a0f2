/** Somebody who can be picked for a meeting. */
export interface Colleague {
  id: string;
  name: string;
  email: string;
  timeZone: string;
}

/** Somebody who was: a member by id, anyone else by address. */
export interface Picked {
  /** What the form sends: a member id or an address. */
  value: string;
  name: string;
  email: string;
  /** Known for members only. */
  timeZone: string | null;
  optional: boolean;
}

export const pickedMember = ({ id, name, email, timeZone }: Colleague, optional = false): Picked => ({ value: id, name, email, timeZone, optional });

export const pickedGuest = (email: string, name = email, optional = false): Picked => ({ value: email, name, email, timeZone: null, optional });

const address = /^[^\s@<>",;]+@[^\s@<>",;]+\.[^\s@<>",;]+$/;
export const isAddress = (text: string) => address.test(text.trim());

/**
 * Takes the people out of pasted text: `Ada <ada@x.example>, bo@x.example; …`, one a line or separated by commas or semicolons.
 * What is no address stays as `rest`, for the person to correct.
 */
export function readPeople(text: string, colleagues: Colleague[]): { people: Picked[]; rest: string } {
  const byEmail = new Map(colleagues.map((colleague) => [colleague.email.toLowerCase(), colleague]));
  const byName = new Map(colleagues.map((colleague) => [colleague.name.toLowerCase(), colleague]));
  const people: Picked[] = [];
  const rest: string[] = [];
  for (const entry of text.split(/[\n\r\t;,]+/).map((part) => part.trim()).filter(Boolean)) {
    const [, name = "", inner] = /^"?([^"<]*?)"?\s*<([^>]+)>$/.exec(entry) ?? [];
    const email = (inner ?? entry).trim().toLowerCase();
    const colleague = byEmail.get(email) ?? byName.get(entry.toLowerCase());
    if (colleague) people.push(pickedMember(colleague));
    else if (isAddress(email)) people.push(pickedGuest(email, name || email));
    else rest.push(entry);
  }
  return { people, rest: rest.join(", ") };
}

/** The list with more people in it, each once. */
export function withPeople(list: Picked[], more: Picked[]): Picked[] {
  const seen = new Set(list.map(({ email }) => email.toLowerCase()));
  const fresh = more.filter(({ email }) => {
    const key = email.toLowerCase();
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
  return [...list, ...fresh];
}
