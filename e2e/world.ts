import { Temporal } from "temporal-polyfill";
import { createSignInLink } from "@/lib/platform/auth/sign-in-link";
import { ensurePerson } from "@/lib/platform/auth/people";
import { clock } from "@/lib/platform/clock";
import { closeDatabase, systemTenant } from "@/lib/platform/db/client";
import { respond } from "@/lib/meetings/answers/commands";
import { scheduleMeeting } from "@/lib/meetings/commands";
import { createArticle, setPinned } from "@/lib/feed/articles/commands";
import { createArticleInput } from "@/lib/feed/articles/inputs";
import { addComment } from "@/lib/feed/comments/commands";
import { documentOfText } from "@/lib/feed/document/rules";
import { feedsAt } from "@/lib/feed/feeds/queries";
import { createTemplate } from "@/lib/notifications/custom-templates/commands";
import { templateInput } from "@/lib/notifications/custom-templates/inputs";
import { publish, startPublication } from "@/lib/notifications/publications/commands";
import { publishInput } from "@/lib/notifications/publications/inputs";
import { parseInput } from "@/lib/platform/validation";
import { memberById, memberOfPerson, type Member } from "@/lib/organizations/actor";
import { addMember, createOrganization, createWorkspace } from "@/lib/organizations/commands";
import { myTokens } from "@/lib/organizations/tokens/queries";
import { createApiToken, revokeApiToken } from "@/lib/organizations/tokens/commands";
import { scopes } from "@/lib/organizations/tokens/inputs";

/**
 * The one named world that the first start, the tests and the end-to-end tests share, built by the real commands. Maru (마루) is the
 * wooden floor of a Korean house, where people gather.
 */
export const slug = "maru";

const people = {
  ada: { email: "ada@maru.example", name: "Ada Sinclair", locale: "en", timeZone: "America/New_York", role: "owner" },
  minjun: { email: "minjun@maru.example", name: "김민준", locale: "ko", timeZone: "Asia/Seoul", role: "admin" },
  camille: { email: "camille@maru.example", name: "Camille Laurent", locale: "fr", timeZone: "Europe/Paris", role: "member" },
  seoyeon: { email: "seoyeon@maru.example", name: "이서연", locale: "ko", timeZone: "Asia/Seoul", role: "member" },
  hugo: { email: "hugo@maru.example", name: "Hugo Bernard", locale: "fr", timeZone: "Europe/Paris", role: "member" },
  nora: { email: "nora@maru.example", name: "Nora Fields", locale: "en", timeZone: "America/New_York", role: "member" },
} as const;

export type PersonName = keyof typeof people;
export const emailOf = (name: PersonName) => people[name].email;

type World = Record<PersonName, Member>;

/** Fills an empty database. Everything goes through the commands a person would use, on a clock set to when it happened. */
export async function buildWorld(): Promise<World> {
  const { ada: owner, ...others } = people;
  const founder = await ensurePerson(owner.email, owner);
  const organization = await createOrganization(founder, { name: "Maru", workspaceName: "Product", timeZone: owner.timeZone, locale: "en" });
  const tenant = systemTenant(organization.organizationId);
  const ada = await existing(await memberById(tenant, organization.memberId));
  await createWorkspace(ada, "Studio");
  const world: Partial<World> = { ada };
  for (const [name, { role, ...details }] of Object.entries(others)) {
    const person = await ensurePerson(details.email, details);
    const { memberId } = await addMember(tenant, person, { role });
    world[name as PersonName] = await existing(await memberById(tenant, memberId));
  }
  const full = world as World;
  await holdMeetings(full);
  await announce(full);
  await publishNews(full);
  return full;
}

async function holdMeetings(world: World): Promise<void> {
  const { ada, minjun, camille, seoyeon, hugo, nora } = world;
  await meet(world, "Quarterly retrospective", { by: ada, day: -9, at: "09:00", minutes: 90, with: [minjun, camille, nora], place: "Maru, room Namdaemun" });
  await meet(world, "브랜드 색상 리뷰", { by: seoyeon, day: -5, at: "16:00", minutes: 60, with: [minjun, hugo], join: "https://meet.example/brand" });
  await meet(world, "Point produit", { by: camille, day: -2, at: "14:00", minutes: 45, with: [ada, hugo, minjun] });
  await meet(world, "Design critique", {
    by: nora,
    day: 1,
    at: "10:00",
    minutes: 60,
    with: [ada, camille, seoyeon],
    join: "https://meet.example/critique",
    description: "Bring one screen you are proud of and one you are not.",
    answers: [[camille, "accepted"], [seoyeon, "tentative"]],
  });
  await meet(world, "Customer visit: Hanbit", {
    by: ada,
    day: 2,
    at: "09:30",
    minutes: 120,
    with: [minjun, hugo],
    guest: { email: "sam@hanbit.example", name: "Sam Oh" },
    place: "Hanbit, 12 Sejong-daero, Seoul",
    answers: [[minjun, "accepted"], [hugo, "declined"]],
  });
  await meet(world, "주간 계획", { by: minjun, day: 3, at: "17:00", minutes: 30, with: [ada, seoyeon, nora], join: "https://meet.example/weekly" });
  await meet(world, "Atelier d’écriture", { by: hugo, day: 6, at: "15:00", minutes: 90, with: [ada, camille, nora], place: "Studio, 8 rue Oberkampf, Paris", answers: [[camille, "accepted"]] });
  await meet(world, "Release planning", { by: ada, day: 8, at: "11:00", minutes: 60, with: [minjun, camille, seoyeon, hugo, nora], join: "https://meet.example/release" });
}

/** Something to read in every inbox, and a template to write the next one with. */
async function announce({ ada }: World): Promise<void> {
  await createTemplate(ada, parseInput(templateInput, {
    key: "release-note",
    name: "Release note",
    variables: [{ name: "version", sample: "2.4" }, { name: "news", sample: "Search finds comments, too." }, { name: "notes", required: false, sample: "https://maru.example/notes/2-4" }],
    content: {
      en: {
        subject: "Maru {{version}} is here",
        body: "Hello,\n\n{{news}}\n\nTell us what you think of it.",
        button: { label: "Read the notes", url: "{{notes}}" },
        push: { title: "Maru {{version}}", body: "{{news}}" },
      },
      ko: {
        subject: "Maru {{version}} 출시",
        body: "안녕하세요.\n\n{{news}}\n\n써 보시고 의견을 들려주세요.",
        button: { label: "변경 사항 읽기", url: "{{notes}}" },
        push: { title: "Maru {{version}}", body: "{{news}}" },
      },
      fr: {
        subject: "Maru {{version}} est arrivé",
        body: "Bonjour,\n\n{{news}}\n\nDites-nous ce que vous en pensez.",
        button: { label: "Lire les notes", url: "{{notes}}" },
        push: { title: "Maru {{version}}", body: "{{news}}" },
      },
    },
  }));
  const { publicationId } = await publish(ada, parseInput(publishInput, {
    template: "release-note",
    audience: { everyone: true },
    variables: { version: "2.4", news: "Search finds comments, too.", notes: "https://maru.example/notes/2-4" },
  }));
  await startPublication(systemTenant(ada.organizationId), publicationId);
}

const heading = (text: string) => ({ type: "heading", attrs: { level: 2 }, content: [{ type: "text", text }] });
const paragraph = (text: string) => ({ type: "paragraph", content: [{ type: "text", text }] });
const bullets = (...texts: string[]) => ({ type: "bulletList", content: texts.map((text) => ({ type: "listItem", content: [paragraph(text)] })) });
const quote = (text: string) => ({ type: "blockquote", content: [paragraph(text)] });
const someone = (member: Member) => ({ type: "mention", attrs: { memberId: member.id, label: member.name } });

/** The news of Product. Nobody is told of it: it was there before anybody came. */
async function publishNews({ ada, minjun, seoyeon, hugo, nora }: World): Promise<void> {
  const { workspace, feeds: [news] } = await feedsAt(ada, "product");
  if (!news) throw new Error("Product has no feed");
  const write = (by: Member, daysAgo: number, title: string, content: object[], more: object = {}) =>
    clock.at(new Date(clock.nowMs() - daysAgo * 24 * 60 * 60 * 1000), async () => {
      const input = parseInput(createArticleInput, { title, document: { type: "doc", content }, feedId: news.id, notify: false, ...more });
      return (await createArticle(by, input)).articleId;
    });
  const welcome = await write(ada, 12, "How we work at Maru", [
    paragraph("A short page for whoever is new here, and for the rest of us on a Monday."),
    heading("Meetings"),
    bullets("Book the shortest one that will do.", "Nobody has to come who only wants the minutes.", "Fridays stay free for making things."),
    heading("Writing"),
    paragraph("What everybody should know stands here, in the news. What one person should know is a comment away."),
    quote("If it was not written down, it was only said."),
  ]);
  await setPinned(ada, welcome, { workspaceId: workspace.id, pinned: true });
  await write(seoyeon, 4, "새 브랜드 색상이 정해졌습니다", [
    { type: "paragraph", content: [{ type: "text", text: "지난 리뷰에서 나온 의견을 모아 색상을 확정했습니다. 꼼꼼히 봐 주신 " }, someone(minjun), { type: "text", text: " 님, 고맙습니다." }] },
    heading("무엇이 달라지나요"),
    bullets("기본 색상은 소나무의 초록입니다.", "어두운 화면에서도 대비 4.5:1을 지킵니다.", "아이콘은 다음 주에 바뀝니다."),
    paragraph("디자인 파일은 스튜디오 폴더에 있습니다. 이상한 곳을 발견하면 댓글로 알려 주세요."),
  ]);
  const workshop = await write(hugo, 2, "L’atelier d’écriture reprend", [
    paragraph("Une heure et demie, un sujet tiré au sort et du thé : l’atelier reprend ce mois-ci, ouvert à toute l’équipe."),
    bullets("Aucune préparation n’est nécessaire.", "On lit à voix haute, si l’on veut.", "Les textes restent entre nous."),
    paragraph("Dites-moi en commentaire quelle langue vous préférez ; nous ferons au moins une séance en coréen."),
  ]);
  const { commentId } = await addComment(nora, workshop, { document: documentOfText("English for me, but I would love to listen in Korean."), parentId: null });
  await addComment(hugo, workshop, { document: documentOfText("Parfait, la deuxième séance sera en coréen."), parentId: commentId });
  await addComment(seoyeon, workshop, { document: documentOfText("한국어 시간은 제가 준비할게요."), parentId: null });
  await write(ada, 0, "Please read: how to report a security problem", [
    paragraph("It takes a minute to read, and saves a day when it matters."),
    heading("When something looks wrong"),
    bullets("Write to security@maru.example, even if you are not sure.", "Do not try it again to see whether it really happens.", "Nobody is ever blamed for a false alarm."),
  ], { mustRead: { dueAt: new Date(clock.nowMs() + 14 * 24 * 60 * 60 * 1000).toISOString() } });
}

interface Plan {
  by: Member;
  /** Days from today, at a wall-clock time of the organizer. */
  day: number;
  at: string;
  minutes: number;
  with: Member[];
  guest?: { email: string; name: string };
  place?: string;
  join?: string;
  description?: string;
  answers?: [Member, "accepted" | "tentative" | "declined"][];
}

async function meet(world: World, title: string, plan: Plan): Promise<void> {
  const zone = plan.by.timeZone;
  const start = clock.instant().toZonedDateTimeISO(zone).toPlainDate().add({ days: plan.day }).toZonedDateTime({ timeZone: zone, plainTime: Temporal.PlainTime.from(plan.at) });
  const booked = start.subtract({ days: plan.day < 0 ? 7 : 0 });
  const work = async () => {
    const { meetingId } = await scheduleMeeting(plan.by, {
      title,
      startsAt: start.toInstant().toString(),
      endsAt: start.add({ minutes: plan.minutes }).toInstant().toString(),
      timeZone: zone,
      location: plan.place ?? "",
      joinUrl: plan.join ?? null,
      description: plan.description ?? "",
      attendees: [...plan.with.map((member) => ({ memberId: member.id })), ...(plan.guest ? [plan.guest] : [])],
      reminderMinutes: 30,
      guard: false,
    });
    const answers = plan.answers ?? (plan.day < 0 ? plan.with.map((member) => [member, "accepted"] as const) : []);
    for (const [member, partstat] of answers) await respond(member, meetingId, { partstat });
  };
  await (plan.day < 0 ? clock.at(new Date(booked.epochMilliseconds), work) : work());
}

async function existing(member: Member | null): Promise<Member> {
  if (!member) throw new Error("The demo world lost one of its people.");
  return member;
}

/** A fresh way in for the owner: a sign-in link and a token with every scope, replacing the ones of the last start. */
async function mintDemo(): Promise<{ email: string; signInUrl: string; apiToken: string }> {
  const ada = await existing(await memberOfPerson(await ensurePerson(people.ada.email), slug));
  for (const token of await myTokens(ada)) if (token.name === demoToken) await revokeApiToken(ada, token.id);
  const { secret } = await createApiToken(ada, { name: demoToken, scopes: [...scopes], days: 365 });
  return { email: ada.email, signInUrl: await createSignInLink(ada.email, `/${slug}`), apiToken: secret };
}

const demoToken = "Demo (made at start)";

async function main(mode: string | undefined): Promise<void> {
  if (mode !== "seed" && mode !== "demo") throw new Error("Say `seed` to fill an empty database or `demo` for a new way in.");
  if (mode === "seed") await buildWorld();
  process.stdout.write(`${JSON.stringify(await mintDemo())}\n`);
}

if (process.argv[1]?.endsWith("world.ts")) await main(process.argv[2]).finally(closeDatabase);
