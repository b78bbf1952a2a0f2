// From sending a comment until the other browser hears of it, and until it has its words, beside a bare publish to the same browser.
import Pusher from "pusher";
import { closeDatabase } from "@/lib/platform/db/client";
import { articleChannel } from "@/lib/platform/realtime";
import { slug } from "@/e2e/world";
import { jsonWith } from "./measuring/bookings";
import { openDatabase, untilQuiet } from "./measuring/database";
import { distribution } from "./measuring/distribution";
import { listenTo } from "./measuring/hearing";
import { actAsInstance, readInstance } from "./measuring/instance";
import { memberNamed, signedInCookie } from "./measuring/people";
import { openConnection } from "./measuring/requests";
import { ms, printTable, times } from "./measuring/table";

/** One person may comment sixty times a minute. */
const comments = 50;
const warmUp = 5;
const betweenMs = 100;

const instance = readInstance();
actAsInstance(instance);
const sql = await openDatabase(instance.postgres.url);
const reader = await memberNamed("camille");
const cookie = await signedInCookie(reader);
const { host, port, appId, key, secret } = instance.pusher;
const writing = openConnection(instance.origin);
const reading = openConnection(instance.origin);
const headers = jsonWith(instance.demo.apiToken);

const { feeds } = await answerOf<{ feeds: { id: string; first: boolean }[] }>(writing.ask("/api/feeds?workspace=product", { headers }), 200);
const written = { feedId: feeds.find(({ first }) => first)?.id, title: "What it takes to talk", text: "A conversation, measured.", notify: false };
const { id: article } = await answerOf<{ id: string }>(writing.ask("/api/articles", { method: "POST", headers, body: JSON.stringify(written) }), 201);
const ear = await listenTo(instance, cookie, articleChannel(article), slug);

async function answerOf<Body>(asked: Promise<{ status: number; body: string }>, status: number): Promise<Body> {
  const answer = await asked;
  if (answer.status !== status) throw new Error(`answered ${answer.status}: ${answer.body.slice(0, 300)}`);
  return JSON.parse(answer.body) as Body;
}

async function each<Measured>(measure: (number: number) => Promise<Measured>): Promise<Measured[]> {
  const all: Measured[] = [];
  for (let number = -warmUp; number < comments; number += 1) {
    await untilQuiet(sql, betweenMs);
    const measured = await measure(number);
    if (number >= 0) all.push(measured);
  }
  return all;
}

await untilQuiet(sql);
const pusher = new Pusher({ appId, key, secret, host, port: String(port), useTLS: false });
const bare = distribution(
  await each(() =>
    ear.heard("bench.published", async () => {
      const since = performance.now();
      await pusher.trigger(articleChannel(article), "bench.published", { number: 1 });
      return since;
    }),
  ),
);

/** As the page does it: called, it asks for what it was called about. Without the moment of its own that each tab waits before. */
const rounds = await each(async (number) => {
  let sentAt = 0;
  let commentId = "";
  let answering = 0;
  const called = await ear.heard("article.changed", async () => {
    sentAt = performance.now();
    const answer = await writing.ask("/api/comments", { method: "POST", headers, body: JSON.stringify({ article, text: `Comment ${number}` }) });
    commentId = (await answerOf<{ id: string }>(Promise.resolve(answer), 201)).id;
    answering = answer.ms;
    return sentAt;
  });
  const asked = await reading.ask(`/api/comments?organization=${slug}&article=${article}&ids=${commentId}`, { headers: { cookie } });
  const page = await answerOf<{ comments: { id: string }[] }>(Promise.resolve(asked), 200);
  if (page.comments[0]?.id !== commentId) throw new Error("the other browser did not get the comment");
  return { called, shown: called + asked.ms, answering };
});

const called = distribution(rounds.map((round) => round.called));
const shown = distribution(rounds.map((round) => round.shown));
const answering = distribution(rounds.map((round) => round.answering));

printTable(
  `Comment to the other browser: ${comments} comments, one at a time`,
  ["", "p50", "p90", "p99", "max"],
  [
    ["sent until the other browser has its words", ...figures(shown)],
    ["sent until the other browser is called", ...figures(called)],
    ["bare publish to the same browser", ...figures(bare)],
    ["ratio of the call", times(called.p50, bare.p50), times(called.p90, bare.p90), times(called.p99, bare.p99), times(called.max, bare.max)],
    ["(sent until 201)", ...figures(answering)],
  ],
);

function figures({ p50, p90, p99, max }: ReturnType<typeof distribution>): string[] {
  return [p50, p90, p99, max].map(ms);
}

writing.close();
reading.close();
ear.close();
await untilQuiet(sql);
await sql.end();
await closeDatabase();
