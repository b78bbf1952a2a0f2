// How late a reminder is: from the instant it falls due until its mail lies in the mailbox, beside a bare timer and a bare send.
import { Resend } from "resend";
import { z } from "zod";
import { bookingBody, jsonWith } from "./measuring/bookings";
import { openDatabase, untilQuiet } from "./measuring/database";
import { distribution } from "./measuring/distribution";
import { readInstance, type Instance } from "./measuring/instance";
import { openConnection } from "./measuring/requests";
import { ms, printTable, times, type Cell } from "./measuring/table";

const reminders = 20;
/** Before the next sweep and after it: the first ones are claimed when they are booked, the others by the sweep of their minute. */
const firstDueMs = 15_000;
const spreadMs = 90_000;
const reminderMinutes = 5;
const patienceMs = 30_000;
const messages = z.array(z.object({ createdAt: z.iso.datetime() }));

const instance = readInstance();
const sql = await openDatabase(instance.postgres.url);
await untilQuiet(sql);

const resend = new Resend(instance.mail.apiKey, { baseUrl: instance.mail.url });
const startedAt = Date.now();
const addressOf = (kind: "reminder" | "floor", number: number) => `${kind}-${number}-${startedAt}@elsewhere.example`;
/** At odd fractions of a second, so that nothing that ticks is in step with them. */
const dueMs = Array.from({ length: reminders }, (_, number) => startedAt + firstDueMs + Math.floor((number * spreadMs) / reminders) + ((number * 377) % 1_000));

process.stdout.write(`  booking ${reminders} meetings whose reminders fall due during the next ${Math.round((firstDueMs + spreadMs) / 1000)} s …\n`);
const connection = openConnection(instance.origin);
for (const [number, due] of dueMs.entries()) await book(due, addressOf("reminder", number));
connection.close();

const mails = await Promise.all(
  dueMs.map(async (due, number) => ({
    due,
    // A little apart from the reminder, so that neither waits for the other.
    bare: sendAt(due + 500, addressOf("floor", number)),
    reminder: mailed(addressOf("reminder", number), due),
  })),
);
const late: number[] = [];
const bareLate: number[] = [];
let missing = 0;
for (const { due, bare, reminder } of mails) {
  bareLate.push(await bare);
  const at = await reminder;
  if (at === null) missing += 1;
  else late.push(at - due);
}

async function book(due: number, guest: string): Promise<void> {
  const startsAt = due + reminderMinutes * 60_000;
  const body = bookingBody({
    startsAt: new Date(startsAt).toISOString(),
    endsAt: new Date(startsAt + 1_800_000).toISOString(),
    reminderMinutes,
    attendees: [{ email: guest }],
  });
  const answer = await connection.ask("/api/meetings", { method: "POST", headers: jsonWith(instance.demo.apiToken), body });
  if (answer.status !== 201) throw new Error(`booking answered ${answer.status}: ${answer.body.slice(0, 300)}`);
}

async function sendAt(at: number, to: string): Promise<number> {
  await new Promise((done) => setTimeout(done, at - Date.now()));
  await resend.emails.send({ from: "bench@moim.example", to, subject: "Now", text: "Now" });
  return Date.now() - at;
}

/** When the second mail to this address came: the first one was the invitation. Null when it did not come. */
async function mailed(to: string, due: number): Promise<number | null> {
  await new Promise((done) => setTimeout(done, due - Date.now()));
  while (Date.now() < due + patienceMs) {
    const found = await mailsTo(instance, to);
    const [newest] = found;
    if (newest && found.length > 1) return Date.parse(newest.createdAt);
    await new Promise((done) => setTimeout(done, 250));
  }
  return null;
}

async function mailsTo({ mail }: Instance, to: string) {
  const response = await fetch(`${mail.url}/messages?${new URLSearchParams({ to, fields: "summary" })}`);
  return messages.parse(await response.json());
}

const figures = ({ min, p50, p90, max }: ReturnType<typeof distribution>): Cell[] => [min, p50, p90, max].map(ms);
const [punctual, bare] = [distribution(late), distribution(bareLate)];
printTable(
  `Reminders: how late the mail of ${late.length} reminders lies in the mailbox`,
  ["", "min", "p50", "p90", "max"],
  [
    ["due instant to mail", ...figures(punctual)],
    ["bare timer and send", ...figures(bare)],
    ["ratio", times(punctual.min, bare.min), times(punctual.p50, bare.p50), times(punctual.p90, bare.p90), times(punctual.max, bare.max)],
  ],
  missing ? [`${missing} did not arrive within ${patienceMs / 1000} s.`] : [],
);
await untilQuiet(sql);
await sql.end();
