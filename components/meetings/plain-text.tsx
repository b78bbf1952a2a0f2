import { Fragment } from "react";

const address = /https?:\/\/[^\s<>"]+/g;

/** Text as it was written, line breaks included; web addresses become links that tell the other side nothing about us. */
export function PlainText({ text }: { text: string }) {
  const parts: { text: string; href?: string }[] = [];
  let from = 0;
  for (const match of text.matchAll(address)) {
    // The full stop that ends a sentence does not belong to the address before it.
    const href = match[0].replace(/[.,;:!?)\]]+$/, "");
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
          <Fragment key={index}>{part.text}</Fragment>
        ),
      )}
    </p>
  );
}
