import { clsx } from "clsx";
import { Fragment, type ReactNode } from "react";
import { IssueLine, type Cards } from "@/components/issues/issue-text";
import { MediaFigure } from "@/components/media/media-figure";
import type { ArticleDocument, Block, Heading, Inline, List, Text } from "@/lib/feed/document/rules";
import type { MediaView } from "@/lib/feed/media/mappings";
import { anchorsOf } from "./anchors";

interface Context {
  /** What is shown of the document's media; what is not among them shows its place alone. */
  media?: ReadonlyMap<string, MediaView>;
  /** Present names by member; the name in the document is that of the day it was written. */
  people?: ReadonlyMap<string, string>;
  /** The Jira issues that its words name. */
  cards?: Promise<Cards>;
  /** Slug, for links to issues. */
  organization: string;
  /** Our own address: links to it stay in this tab. */
  origin?: string;
}

interface Props extends Context {
  document: ArticleDocument;
  /** `comment` is set smaller, and its headings are no part of the page's outline. */
  variant?: "article" | "comment";
}

interface Shown extends Context {
  compact: boolean;
  anchors: ReadonlyMap<Heading, string>;
}

const noAnchors: ReadonlyMap<Heading, string> = new Map();

/** A document as its readers see it: elements made from its nodes, one kind each, and never HTML that somebody wrote. */
export function DocumentBody({ document, variant = "article", ...context }: Props) {
  const compact = variant === "comment";
  const anchors = compact ? noAnchors : anchorsOf(document);
  return (
    <div className={clsx("flex min-w-0 flex-col wrap-anywhere", compact ? "gap-2" : "gap-4 text-lg leading-relaxed")}>
      <Blocks blocks={withoutEnd(document.content)} shown={{ ...context, compact, anchors }} />
    </div>
  );
}

/** An editor leaves an empty line to go on in. */
function withoutEnd(blocks: Block[]): Block[] {
  const last = blocks.findLastIndex((block) => block.type !== "paragraph" || block.content !== undefined);
  return blocks.slice(0, last + 1);
}

function Blocks({ blocks, shown }: { blocks: Block[]; shown: Shown }) {
  return blocks.map((block, index) => <BlockView key={index} block={block} shown={shown} />);
}

function BlockView({ block, shown }: { block: Block; shown: Shown }) {
  switch (block.type) {
    case "paragraph":
      return (
        <p className="min-h-lh whitespace-pre-wrap">
          <Inlines content={block.content} shown={shown} />
        </p>
      );
    case "heading":
      return <HeadingView heading={block} shown={shown} />;
    case "bulletList":
    case "orderedList":
      return <ListView list={block} shown={shown} />;
    case "blockquote":
      return (
        <blockquote className="flex flex-col gap-2 border-l-2 border-line-strong pl-4 text-ink-muted">
          <Blocks blocks={block.content} shown={shown} />
        </blockquote>
      );
    case "codeBlock":
      return (
        <pre tabIndex={0} className="scroll-quiet max-w-full overflow-x-auto rounded-lg bg-sunken p-3 text-sm [overflow-wrap:normal]" data-language={block.attrs.language ?? undefined}>
          <code>{block.content?.map(({ text }) => text).join("")}</code>
        </pre>
      );
    case "horizontalRule":
      return <hr className="border-line" />;
    case "media":
      return <MediaFigure media={shown.media?.get(block.attrs.mediaId)} caption={block.attrs.caption} />;
  }
}

const headingLook = { 2: "mt-4 text-xl", 3: "mt-3 text-lg", 4: "mt-2 text-base" } as const;

function HeadingView({ heading, shown }: { heading: Heading; shown: Shown }) {
  const words = <Inlines content={heading.content} shown={shown} />;
  if (shown.compact) return <p className="font-semibold">{words}</p>;
  const Tag = `h${heading.attrs.level}` as const;
  return (
    <Tag id={shown.anchors.get(heading)} className={clsx("scroll-mt-20 leading-snug font-semibold first:mt-0", headingLook[heading.attrs.level])}>
      {words}
    </Tag>
  );
}

function ListView({ list, shown }: { list: List; shown: Shown }) {
  const items = list.content.map((item, index) => (
    <li key={index} className="pl-1">
      <div className="flex min-w-0 flex-col gap-1">
        <Blocks blocks={item.content} shown={shown} />
      </div>
    </li>
  ));
  return list.type === "orderedList" ? (
    <ol start={list.attrs?.start} className="flex list-decimal flex-col gap-1 pl-7 marker:text-ink-muted">
      {items}
    </ol>
  ) : (
    <ul className="flex list-disc flex-col gap-1 pl-6 marker:text-ink-muted">{items}</ul>
  );
}

/** Neighbours that lead to the same place are one link, whatever their other marks. */
function Inlines({ content = [], shown }: { content?: Inline[]; shown: Shown }) {
  const runs: { href: string | null; inlines: Inline[] }[] = [];
  for (const inline of content) {
    const href = addressOf(inline);
    const last = runs.at(-1);
    if (last && last.href === href) last.inlines.push(inline);
    else runs.push({ href, inlines: [inline] });
  }
  return runs.map(({ href, inlines }, at) => {
    const words = inlines.map((inline, index) => <InlineView key={index} inline={inline} shown={shown} />);
    return href === null ? (
      <Fragment key={at}>{words}</Fragment>
    ) : (
      <Away key={at} href={href} origin={shown.origin}>
        {words}
      </Away>
    );
  });
}

function addressOf(inline: Inline): string | null {
  const link = inline.type === "text" ? inline.marks?.find((mark) => mark.type === "link") : undefined;
  return link?.type === "link" ? link.attrs.href : null;
}

function Away({ href, origin, children }: { href: string; origin?: string; children: ReactNode }) {
  const isOurs = origin !== undefined && (href === origin || href.startsWith(`${origin}/`));
  return isOurs ? (
    <a href={href} className="link">
      {children}
    </a>
  ) : (
    <a href={href} target="_blank" rel="noopener noreferrer nofollow ugc" className="link">
      {children}
    </a>
  );
}

function InlineView({ inline, shown }: { inline: Inline; shown: Shown }) {
  switch (inline.type) {
    case "hardBreak":
      return <br />;
    case "mention":
      return <span className="rounded-md bg-accent-soft px-1 text-accent-ink">@{shown.people?.get(inline.attrs.memberId) ?? inline.attrs.label}</span>;
    case "text":
      return <TextView text={inline} shown={shown} />;
  }
}

function TextView({ text: { text, marks = [] }, shown: { cards, organization } }: { text: Text; shown: Shown }) {
  const has = (type: "bold" | "italic" | "strike" | "code" | "link") => marks.some((mark) => mark.type === type);
  // What leads somewhere, or is quoted exactly, holds no cards.
  let words: ReactNode = cards && !has("link") && !has("code") ? <IssueLine text={text} cards={cards} organization={organization} /> : text;
  if (has("code")) words = <code className="rounded bg-sunken px-1 text-[0.925em]">{words}</code>;
  if (has("bold")) words = <strong className="font-semibold">{words}</strong>;
  if (has("italic")) words = <em>{words}</em>;
  if (has("strike")) words = <s>{words}</s>;
  return words;
}
