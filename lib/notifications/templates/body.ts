/**
 * A mail between its template and its two forms. HTML and plain text are made of the same parts, so that neither can say less than
 * the other.
 */
export interface MailBody {
  subject: string;
  /** The line that mail programs show beside the subject. */
  preview: string;
  /** What kind of mail this is, above the title. */
  kind: string;
  title: string;
  lead: string;
  parts: Part[];
  /** Why the reader gets this mail, and the like. */
  footer: FooterLine[];
}

export type FooterLine = string | { text: string; href: string };

export interface Line {
  text: string;
  href?: string;
  /** What stood here before: shown struck through, and introduced by `was` in words for those who do not see that. */
  was?: string;
}

export type Part =
  | { kind: "facts"; rows: { label: string; lines: Line[] }[] }
  | { kind: "prose"; label: string; text: string }
  | { kind: "paragraph"; text: string }
  | { kind: "items"; label: string; items: { text: string; href: string; note: string }[] }
  | { kind: "people"; label: string; people: { name: string; note: string; quote?: string }[]; more: string | null }
  | { kind: "buttons"; label: string | null; buttons: { label: string; href: string; primary: boolean }[] }
  | { kind: "link"; label: string; href: string }
  | { kind: "note"; text: string };
