import { Fragment, type ReactNode } from "react";

const address = /https?:\/\/[^\s<>"]+/g;

const stops = new Set(".,;:!?)]");

/** By hand: a pattern that looks for the end tries again from every stop on the way. */
function withoutStop(address: string): string {
  let end = address.length;
  while (stops.has(address.charAt(end - 1))) end -= 1;
  return address.slice(0, end);
}

interface Props {
  text: string;
  /** How what stands between the addresses is shown. */
  words?: (text: string) => ReactNode;
}

/** Text as it was written, line breaks included; web addresses become links that tell the other side nothing about us. */
export function PlainText({ text, words = (plain) => plain }: Props) {
  const parts: { text: string; href?: string }[] = [];
  let from = 0;
  for (const match of text.matchAll(address)) {
    // The full stop that ends a sentence does not belong to the address before it.
    const href = withoutStop(match[0]);
    parts.push({ text: text.slice(from, match.index) }, { text: href, href });
    from = match.index + href.length;
  }
  parts.push({ text: text.slice(from) });
  return (
    <p className="whitespace-pre-wrap">
      {parts.map((part, index) =>
        part.href ? (
          <a key={index} href={part.href} target="_blank" rel="noopener noreferrer nofollow" className="link break-all">
            {part.text}
          </a>
        ) : (
          <Fragment key={index}>{words(part.text)}</Fragment>
        ),
      )}
    </p>
  );
}
