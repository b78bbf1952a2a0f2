/**
 * Expected failures. A command throws `Refused`, its transaction rolls back, and the two edges (`action.ts`, `route.ts`) turn it
 * into a field message or a problem+json answer (RFC 9457). Anything else that is thrown is a defect and stays loud.
 */
export const refusals = {
  INVALID: 422,
  MALFORMED: 400,
  TOO_LARGE: 413,
  UNSUPPORTED_MEDIA: 415,
  SIGNED_OUT: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  CONFLICT: 409,
  TIME_TAKEN: 409,
  ALREADY_CANCELLED: 409,
  ALREADY_STARTED: 409,
  ALREADY_MEMBER: 409,
  ALREADY_SENT: 409,
  LAST_OWNER: 409,
  SLUG_TAKEN: 409,
  IDEMPOTENCY_MISMATCH: 422,
  IDEMPOTENCY_IN_PROGRESS: 409,
  OVERTAKEN: 409,
  PRECONDITION_FAILED: 412,
  LINK_INVALID: 404,
  LINK_EXPIRED: 410,
  LINK_USED: 410,
  SIGNATURE_INVALID: 403,
  WEBHOOK_UNPROVEN: 401,
  SITE_TAKEN: 409,
  ACCOUNT_NEEDED: 403,
  RECONNECT_NEEDED: 409,
  JIRA_NOT_SET_UP: 409,
  JIRA_REFUSED: 422,
  JIRA_UNAVAILABLE: 503,
  ARTICLE_GONE: 410,
  EDIT_CONFLICT: 409,
  COMMENTS_CLOSED: 409,
  QUOTA_FULL: 409,
  MEDIA_REFUSED: 422,
  UPLOAD_INCOMPLETE: 409,
  UPLOAD_EXPIRED: 410,
  STORAGE_UNAVAILABLE: 503,
  PUSH_NOT_OFFERED: 409,
  TOO_MANY_DEVICES: 409,
  TOO_MANY_REQUESTS: 429,
  MAIL_UNAVAILABLE: 503,
} as const;

export type RefusalCode = keyof typeof refusals;

/**
 * One fault in one input field. `path` is the field's path in the input; `code` keys the message in `messages/<locale>/faults.json`,
 * `values` are what that message names.
 */
export interface FieldFault {
  path: (string | number)[];
  code: string;
  detail: string;
  values?: Record<string, string | number>;
}

export class Refused extends Error {
  readonly code: RefusalCode;
  readonly status: number;
  readonly fields: FieldFault[];
  /** Extension members of the problem, e.g. `nextFreeTimes` on TIME_TAKEN or `retryAfterSeconds`. */
  readonly extra: Record<string, unknown>;

  constructor(code: RefusalCode, options: { detail?: string; fields?: FieldFault[]; extra?: Record<string, unknown> } = {}) {
    super(options.detail ?? code);
    this.name = "Refused";
    this.code = code;
    this.status = refusals[code];
    this.fields = options.fields ?? [];
    this.extra = options.extra ?? {};
  }
}

/** A refusal that concerns one field, for rules that zod cannot state because they need the clock or the database. */
export function refusedField(path: string | (string | number)[], code: string, detail: string, extra: Record<string, unknown> = {}): Refused {
  return new Refused("INVALID", { fields: [{ path: Array.isArray(path) ? path : [path], code, detail }], detail, extra });
}
