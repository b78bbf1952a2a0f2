import { getTranslations } from "next-intl/server";
import { route } from "@/lib/platform/route";
import { readersOf, type Reader } from "@/lib/feed/must-reads/queries";
import { actingMember, type Member } from "@/lib/organizations/actor";

const perPage = 100;

/** The whole list as a table for spreadsheets, page by page, so that a large organization does not stand in memory at once. */
export const GET = route<{ org: string; id: string }>(async (_request, { org, id }) => {
  const member = await actingMember(org);
  const t = await getTranslations("news.readers.csv");
  // Refused before the first byte is sent, or not at all.
  await readersOf(member, id, { which: "done", limit: 1 });
  const line = ({ name, acknowledged }: Reader) =>
    row([name, acknowledged ? t("yes") : t("no"), acknowledged?.at.toISOString() ?? "", acknowledged ? String(acknowledged.version) : ""]);
  async function* table() {
    // The mark tells spreadsheets that it is UTF-8.
    yield `\uFEFF${row([t("name"), t("state"), t("at"), t("version")])}`;
    for (const which of ["done", "waiting"] as const) for await (const reader of everybody(member, id, which)) yield line(reader);
  }
  return new Response(streamOf(table()), {
    headers: { "content-type": "text/csv; charset=utf-8", "content-disposition": `attachment; filename="readers-${id}.csv"`, "cache-control": "no-store" },
  });
});

function streamOf(parts: AsyncIterator<string>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await parts.next();
      if (done) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
  });
}

async function* everybody(member: Member, id: string, which: "done" | "waiting"): AsyncIterable<Reader> {
  let cursor: string | undefined;
  do {
    const page = await readersOf(member, id, { which, cursor, limit: perPage });
    yield* page.readers;
    cursor = page.nextCursor ?? undefined;
  } while (cursor);
}

/** A cell that begins like a formula is not to be one (OWASP, CSV injection). */
const cell = (text: string) => `"${(/^[=+\-@\t\r]/.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;

const row = (cells: string[]) => `${cells.map(cell).join(",")}\r\n`;
