/** An answer Resend would give instead of doing what was asked: `{statusCode, name, message}` and perhaps headers. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly headers: Record<string, string> = {},
  ) {
    super(message);
  }

  body(): { statusCode: number; name: string; message: string } {
    return { statusCode: this.status, name: this.code, message: this.message };
  }
}

export const invalid = (message: string): Refusal => new Refusal(422, "validation_error", message);

export const missingField = (field: string): Refusal =>
  new Refusal(422, "missing_required_field", `Missing \`${field}\` field.`);

export const emailNotFound = (): Refusal => new Refusal(404, "not_found", "Email not found");

/** A part of Resend that this engine does not have. Loud, so that nobody believes it was done. */
export const notImplemented = (what: string): Refusal =>
  new Refusal(501, "not_implemented", `The local mail engine does not implement ${what}. See local/mail/README.md.`);
