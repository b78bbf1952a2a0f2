import { createHash } from "node:crypto";
import { documentOf } from "../jira/adf";
import { known, statuses } from "../jira/catalog";
import type { Store } from "../store";
import type { Account, Client, Issue, Project, Site } from "./entities";

/** A world is the same wherever it is made anew, so that what an application remembers of it stays true. */
const uuid = (name: string): string => {
  const hex = createHash("sha256").update(`moim:${name}`).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
};

export const accountIdOf = (key: string): string => `712020:${uuid(`account ${key}`)}`;
export const cloudIdOf = (slug: string): string => uuid(`site ${slug}`);

const person = (key: string, name: string, email: string, timeZone: string, locale: string): Account => ({
  id: accountIdOf(key), key, name, email, emailVisible: true, timeZone, locale,
});

/** The people of the application's demo world, so that linking an account reads naturally; and one who may use no site at all. */
const accounts: Account[] = [
  person("ada", "Ada Sinclair", "ada@maru.example", "America/New_York", "en_US"),
  person("minjun", "김민준", "minjun@maru.example", "Asia/Seoul", "ko_KR"),
  person("camille", "Camille Laurent", "camille@maru.example", "Europe/Paris", "fr_FR"),
  person("seoyeon", "이서연", "seoyeon@maru.example", "Asia/Seoul", "ko_KR"),
  person("hugo", "Hugo Bernard", "hugo@maru.example", "Europe/Paris", "fr_FR"),
  person("nora", "Nora Fields", "nora@maru.example", "America/New_York", "en_US"),
  person("sam", "Sam Oh", "sam@hanbit.example", "Asia/Seoul", "ko_KR"),
];

const everyone = ["ada", "minjun", "camille", "seoyeon", "hugo", "nora"].map(accountIdOf);

const sites: Site[] = [
  { id: cloudIdOf("maru"), slug: "maru", name: "Maru", admins: [accountIdOf("ada"), accountIdOf("minjun")], members: everyone, confluence: true },
  { id: cloudIdOf("maru-labs"), slug: "maru-labs", name: "Maru Labs", admins: [accountIdOf("ada")], members: ["ada", "seoyeon", "nora"].map(accountIdOf), confluence: false },
];

const projects: Project[] = [
  { id: "10000", siteId: cloudIdOf("maru"), key: "MOIM", name: "Moim", description: "The product.", leadId: accountIdOf("ada"), viewers: null },
  { id: "10001", siteId: cloudIdOf("maru"), key: "OPS", name: "Operations", description: "What keeps it running.", leadId: accountIdOf("minjun"), viewers: null },
  { id: "10002", siteId: cloudIdOf("maru"), key: "PEOPLE", name: "People (private)", description: "Hiring and pay. Only some may see it.", leadId: accountIdOf("ada"), viewers: ["ada", "nora"].map(accountIdOf) },
  { id: "10003", siteId: cloudIdOf("maru-labs"), key: "LAB", name: "Experiments", description: "", leadId: accountIdOf("seoyeon"), viewers: null },
];

interface Sketch {
  project: string;
  summary: string;
  by: string;
  to?: string;
  type?: string;
  status?: string;
  priority?: string;
  labels?: string[];
  text?: string;
  hoursAgo: number;
}

const sketches: Sketch[] = [
  { project: "MOIM", summary: "Booking: suggest a time that suits everyone", by: "ada", to: "camille", type: "10001", status: "3", labels: ["booking"], text: "Look at working hours in every attendee's own zone.", hoursAgo: 300 },
  { project: "MOIM", summary: "Reminder arrives twice after a reschedule", by: "hugo", to: "minjun", type: "10003", priority: "2", labels: ["reminders", "regression"], text: "Seen on Friday's release planning.", hoursAgo: 60 },
  { project: "MOIM", summary: "다크 모드에서 배지 대비 개선", by: "seoyeon", to: "seoyeon", status: "10001", labels: ["design"], hoursAgo: 52 },
  { project: "MOIM", summary: "Traduire les courriels d’invitation", by: "camille", to: "hugo", status: "10002", labels: ["i18n"], hoursAgo: 200 },
  { project: "MOIM", summary: "Search finds comments, too", by: "nora", type: "10001", hoursAgo: 30 },
  { project: "OPS", summary: "Rotate the signing keys of the mail domain", by: "minjun", to: "minjun", priority: "1", hoursAgo: 24 },
  { project: "OPS", summary: "Disk of the build machine is 90% full", by: "nora", to: "ada", type: "10003", status: "3", hoursAgo: 6 },
  { project: "PEOPLE", summary: "Offer for the new designer", by: "nora", to: "ada", hoursAgo: 48 },
  { project: "LAB", summary: "Try live captions in meetings", by: "seoyeon", to: "nora", type: "10001", status: "3", hoursAgo: 90 },
];

/** Fills an empty store. */
export function seedWorld(store: Store, clients: Client[], now: number): void {
  for (const account of accounts) store.put("accounts", account);
  for (const site of sites) store.put("sites", site);
  for (const project of projects) store.put("projects", project);
  for (const client of clients) store.put("clients", client);
  for (const sketch of sketches) store.put("issues", issueOf(store, sketch, now));
}

function issueOf(store: Store, sketch: Sketch, now: number): Issue {
  const project = projects.find(({ key }) => key === sketch.project);
  if (!project) throw new Error(`no project ${sketch.project}`);
  const created = now - sketch.hoursAgo * 3_600_000;
  const reporterId = accountIdOf(sketch.by);
  const statusId = sketch.status ?? "10000";
  const isDone = known(statuses, statusId).category === "done";
  return {
    id: String(store.next("issue")),
    siteId: project.siteId,
    projectId: project.id,
    key: `${project.key}-${store.next(`key ${project.id}`, 1)}`,
    formerKeys: [],
    typeId: sketch.type ?? "10002",
    statusId,
    priorityId: sketch.priority ?? "3",
    summary: sketch.summary,
    description: sketch.text === undefined ? null : documentOf(sketch.text),
    assigneeId: sketch.to === undefined ? null : accountIdOf(sketch.to),
    reporterId,
    creatorId: reporterId,
    labels: sketch.labels ?? [],
    parentId: null,
    dueDate: null,
    created,
    updated: created,
    resolved: isDone ? created : null,
    comments: [],
    worklogs: [],
    changelog: [],
  };
}
