import { clsx } from "clsx";
import { CircleCheck, Circle, Paperclip } from "lucide-react";
import { useTranslations } from "next-intl";
import { Fragment, type ReactNode } from "react";
import { Notice } from "@/components/ui/notice";
import type { RichBlock, RichInline, RichItem } from "@/lib/integrations/plugins/jira/adf";
import { IssueWords, type Cards } from "./issue-text";

interface Context {
  cards: Cards;
  organization: string;
}

/** A document from Jira, of the shapes that were read from it and no other. */
export function RichText({ blocks, ...context }: Context & { blocks: RichBlock[] }) {
  return (
    <div className="flex min-w-0 flex-col gap-3 break-words">
      <Blocks blocks={blocks} {...context} />
    </div>
  );
}

function Blocks({ blocks, ...context }: Context & { blocks: RichBlock[] }) {
  return blocks.map((block, index) => <Block key={index} block={block} {...context} />);
}

function Block({ block, ...context }: Context & { block: RichBlock }) {
  const t = useTranslations("issues.detail");
  switch (block.kind) {
    case "paragraph":
      return (
        <p>
          <Inlines content={block.content} {...context} />
        </p>
      );
    case "heading":
      // Below the headings of the page, so that its outline stays whole.
      return (
        <p role="heading" aria-level={Math.min(6, block.level + 2)} className={block.level <= 2 ? "text-lg font-semibold" : "font-semibold"}>
          <Inlines content={block.content} {...context} />
        </p>
      );
    case "list":
      return <List block={block} {...context} />;
    case "quote":
      return (
        <blockquote className="flex flex-col gap-2 border-l-2 border-line-strong pl-3 text-ink-muted">
          <Blocks blocks={block.content} {...context} />
        </blockquote>
      );
    case "panel":
      return (
        <Notice tone={block.tone}>
          <div className="flex flex-col gap-2">
            <Blocks blocks={block.content} {...context} />
          </div>
        </Notice>
      );
    case "expand":
      return (
        <details>
          <summary className="link">{block.title || "…"}</summary>
          <div className="mt-2 flex flex-col gap-2 pl-4">
            <Blocks blocks={block.content} {...context} />
          </div>
        </details>
      );
    case "code":
      return (
        <pre tabIndex={0} className="scroll-quiet overflow-x-auto rounded-lg bg-sunken p-3 text-sm">
          <code>{block.text}</code>
        </pre>
      );
    case "table":
      return <Grid rows={block.rows} {...context} />;
    case "file":
      return (
        <p className="flex items-center gap-2 text-sm text-ink-muted">
          <Paperclip aria-hidden className="size-4 shrink-0" />
          {block.name ? t("file", { name: block.name }) : t("unnamedFile")}
        </p>
      );
    case "rule":
      return <hr className="border-line" />;
  }
}

function List({ block, ...context }: Context & { block: Extract<RichBlock, { kind: "list" }> }) {
  const items = block.items.map((item, index) => <Item key={index} item={item} {...context} />);
  const isTasks = block.items.some(({ done }) => done !== null);
  return block.ordered ? (
    <ol start={block.start} className="flex list-decimal flex-col gap-1 pl-6">
      {items}
    </ol>
  ) : (
    <ul className={clsx("flex flex-col gap-1", isTasks ? "list-none" : "list-disc pl-6")}>{items}</ul>
  );
}

function Item({ item, ...context }: Context & { item: RichItem }) {
  if (item.done === null) {
    return (
      <li>
        <Blocks blocks={item.content} {...context} />
      </li>
    );
  }
  const Mark = item.done ? CircleCheck : Circle;
  return (
    <li className="flex gap-2">
      <Mark aria-hidden className={clsx("mt-1 size-4 shrink-0", item.done ? "text-positive" : "text-ink-muted")} />
      <div className={clsx("min-w-0 flex-1", item.done && "text-ink-muted line-through")}>
        <Blocks blocks={item.content} {...context} />
      </div>
    </li>
  );
}

function Grid({ rows, ...context }: Context & { rows: Extract<RichBlock, { kind: "table" }>["rows"] }) {
  return (
    <div tabIndex={0} className="scroll-quiet overflow-x-auto">
      <table className="min-w-full border-collapse text-sm">
        <tbody>
          {rows.map((row, at) => (
            <tr key={at}>
              {row.map(({ header, content }, index) => {
                const Cell = header ? "th" : "td";
                return (
                  <Cell key={index} className={clsx("border border-line px-2 py-1 text-left align-top", header && "bg-sunken font-medium")}>
                    <Blocks blocks={content} {...context} />
                  </Cell>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Inlines({ content, ...context }: Context & { content: RichInline[] }) {
  return content.map((inline, index) => <Inline key={index} inline={inline} {...context} />);
}

function Inline({ inline, ...context }: Context & { inline: RichInline }) {
  switch (inline.kind) {
    case "break":
      return <br />;
    case "mention":
      return <span className="rounded-md bg-accent-soft px-1 text-accent-ink">@{inline.name || inline.accountId}</span>;
    case "status":
      return <span className="rounded-md bg-hover px-1.5 py-0.5 text-xs font-medium">{inline.text}</span>;
    case "date":
      return <time dateTime={inline.date}>{inline.date}</time>;
    case "text":
      return <Text inline={inline} {...context} />;
  }
}

function Text({ inline: { text, marks, href }, ...context }: Context & { inline: Extract<RichInline, { kind: "text" }> }): ReactNode {
  // What leads somewhere, or is quoted exactly, holds no cards.
  let shown: ReactNode = href || marks.includes("code") ? <Fragment>{text}</Fragment> : <IssueWords text={text} {...context} />;
  if (marks.includes("code")) shown = <code className="rounded bg-sunken px-1 text-[0.925em]">{shown}</code>;
  if (marks.includes("strong")) shown = <strong className="font-semibold">{shown}</strong>;
  if (marks.includes("em")) shown = <em>{shown}</em>;
  if (marks.includes("strike")) shown = <s>{shown}</s>;
  if (marks.includes("underline")) shown = <u>{shown}</u>;
  if (!href) return shown;
  return (
    <a href={href} target="_blank" rel="noopener noreferrer nofollow" className="link break-all">
      {shown}
    </a>
  );
}
