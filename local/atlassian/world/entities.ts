/** A node of the Atlassian Document Format. */
export interface AdfNode {
  type: string;
  version?: number;
  text?: string;
  attrs?: Record<string, unknown>;
  marks?: { type: string; attrs?: Record<string, unknown> }[];
  content?: AdfNode[];
}

export interface Account {
  id: string;
  /** What tests and the page call it by. */
  key: string;
  name: string;
  email: string;
  /** Whether the profile shows its e-mail address to others. */
  emailVisible: boolean;
  timeZone: string;
  locale: string;
}

export interface Site {
  /** The cloud id. */
  id: string;
  slug: string;
  name: string;
  admins: string[];
  /** Everyone who may use it, admins included. */
  members: string[];
  /** Also has Confluence, so that accessible-resources lists it twice when both are granted. */
  confluence: boolean;
}

export interface Project {
  id: string;
  siteId: string;
  key: string;
  name: string;
  description: string;
  leadId: string;
  /** Who may browse it; null for every member of the site. */
  viewers: string[] | null;
}

export interface Comment {
  id: string;
  authorId: string;
  updateAuthorId: string;
  body: AdfNode;
  created: number;
  updated: number;
}

export interface Worklog {
  id: string;
  authorId: string;
  comment: AdfNode | null;
  created: number;
  updated: number;
  started: number;
  seconds: number;
}

export interface ChangeItem {
  field: string;
  fieldtype: string;
  fieldId?: string;
  from: string | null;
  fromString: string | null;
  to: string | null;
  toString: string | null;
}

export interface History {
  id: string;
  authorId: string;
  created: number;
  items: ChangeItem[];
}

export interface Issue {
  id: string;
  siteId: string;
  projectId: string;
  key: string;
  /** Keys it had before it was moved; they still find it. */
  formerKeys: string[];
  typeId: string;
  statusId: string;
  priorityId: string;
  summary: string;
  description: AdfNode | null;
  assigneeId: string | null;
  reporterId: string;
  creatorId: string;
  labels: string[];
  parentId: string | null;
  dueDate: string | null;
  created: number;
  updated: number;
  resolved: number | null;
  comments: Comment[];
  worklogs: Worklog[];
  changelog: History[];
}

export interface IssueLink {
  id: string;
  siteId: string;
  typeId: string;
  inwardId: string;
  outwardId: string;
}

/** A registered application. */
export interface Client {
  /** The client id. */
  id: string;
  secret: string;
  name: string;
  redirectUris: string[];
  /** A private application: its dynamic webhooks reach only hooks that this account registered. Null once it is shared. */
  ownerId: string | null;
}

/** One for each account and application. */
export interface Grant {
  id: string;
  clientId: string;
  accountId: string;
  siteIds: string[];
  scopes: string[];
  revoked: boolean;
}

export interface Code {
  /** The code itself. */
  id: string;
  grantId: string;
  redirectUri: string;
  expiresAt: number;
  used: boolean;
}

export interface AccessToken {
  /** The token itself. */
  id: string;
  grantId: string;
  scopes: string[];
  expiresAt: number;
}

export interface RefreshToken {
  /** The token itself. */
  id: string;
  grantId: string;
  /** All that descend from one consent. */
  familyId: string;
  /** 90 days after it was issued or last used. */
  expiresAt: number;
  /** When a newer one took its place. */
  rotatedAt: number | null;
  revoked: boolean;
}

interface HookBase {
  id: string;
  siteId: string;
  url: string;
  events: string[];
  jql: string;
  created: number;
  /** Since when every try has failed; null after a success. */
  failingSince: number | null;
}

export interface AdminHook extends HookBase {
  kind: "admin";
  name: string;
  secret: string | null;
  excludeBody: boolean;
  enabled: boolean;
  updatedById: string;
}

export interface DynamicHook extends HookBase {
  kind: "dynamic";
  clientId: string;
  accountId: string;
  fieldIds: string[];
  propertyKeys: string[];
  expiresAt: number;
}

export type Hook = AdminHook | DynamicHook;

export interface Try {
  at: string;
  tookMs: number;
  headers: Record<string, string>;
  status: number | null;
  error: string | null;
  answer: string;
}

export interface Delivery {
  id: string;
  siteId: string;
  /** The hook it is for; of several dynamic hooks with one URL the first. */
  hookId: string;
  matchedIds: string[];
  kind: "admin" | "dynamic";
  event: string;
  identifier: string;
  flow: "Primary" | "Secondary";
  url: string;
  body: string;
  created: number;
  /** On the clock of lifetimes. */
  notBefore: number;
  state: "waiting" | "held" | "delivered" | "lost" | "dropped";
  tries: Try[];
}

export interface Settings {
  id: "settings";
  clockOffsetMs: number;
  accessTokenSeconds: number;
  refreshLeewaySeconds: number;
  /** What the gateway says to an expired token; it has been seen to say each of these. */
  expiredTokenStatus: 401 | 403 | 404;
  /** What the token endpoint says to a refresh token that is no good; both are documented or seen. */
  refreshFailure: "invalid_grant" | "unauthorized_client";
  /** Waits between tries are divided by this. */
  retrySpeed: number;
  /** How long an answer to a webhook may take. */
  responseTimeoutMs: number;
  outage: "off" | "unavailable" | "unreachable";
  limits: { pointsPerHour: number; readsPerSecond: number; writesPerSecond: number; issueWrites: boolean };
}

export const defaultSettings: Settings = {
  id: "settings",
  clockOffsetMs: 0,
  accessTokenSeconds: 3_600,
  refreshLeewaySeconds: 600,
  expiredTokenStatus: 401,
  refreshFailure: "invalid_grant",
  retrySpeed: 1,
  responseTimeoutMs: 20_000,
  outage: "off",
  limits: { pointsPerHour: 65_000, readsPerSecond: 100, writesPerSecond: 50, issueWrites: true },
};

export interface Entities {
  accounts: Account;
  sites: Site;
  projects: Project;
  issues: Issue;
  links: IssueLink;
  clients: Client;
  grants: Grant;
  codes: Code;
  accessTokens: AccessToken;
  refreshTokens: RefreshToken;
  hooks: Hook;
  deliveries: Delivery;
  settings: Settings;
  sequences: { id: string; value: number };
}
