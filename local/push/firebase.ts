import { createVerify, generateKeyPairSync, randomBytes, randomUUID } from "node:crypto";

export interface PhoneMessage {
  token: string;
  message: Record<string, unknown>;
}

/** Firebase Cloud Messaging HTTP v1 and the token endpoint of Google's service accounts, as far as a sender sees them. */
export class Firebase {
  readonly messages: PhoneMessage[] = [];
  /** How often an access token was asked for. */
  tokensGiven = 0;
  private readonly project = "moim-local";
  private readonly email = `sender@${this.project}.iam.gserviceaccount.com`;
  private readonly pair = generateKeyPairSync("rsa", { modulusLength: 2048, publicKeyEncoding: { type: "spki", format: "pem" }, privateKeyEncoding: { type: "pkcs8", format: "pem" } });
  private readonly unregistered = new Set<string>();
  private readonly granted = new Set<string>();

  constructor(private readonly origin: string) {}

  /** For FCM_SERVICE_ACCOUNT. */
  serviceAccount(): string {
    return JSON.stringify({
      type: "service_account",
      project_id: this.project,
      client_email: this.email,
      private_key: this.pair.privateKey,
      token_uri: `${this.origin}/token`,
    });
  }

  /** The app was removed from this phone. */
  unregister(token: string): void {
    this.unregistered.add(token);
  }

  /** Every access token given so far is refused from now on. */
  withdrawTokens(): void {
    this.granted.clear();
  }

  /** @returns status and body. */
  grant(form: URLSearchParams): [number, unknown] {
    const [head = "", body = "", signature = ""] = (form.get("assertion") ?? "").split(".");
    const holds = createVerify("RSA-SHA256").update(`${head}.${body}`).verify(this.pair.publicKey, signature, "base64url");
    const claims = holds ? (JSON.parse(Buffer.from(body, "base64url").toString("utf8")) as Record<string, unknown>) : {};
    if (!holds || claims.iss !== this.email || claims.aud !== `${this.origin}/token`) return [400, { error: "invalid_grant", error_description: "Invalid JWT Signature." }];
    const token = `ya29.${randomBytes(16).toString("base64url")}`;
    this.granted.add(token);
    this.tokensGiven += 1;
    return [200, { access_token: token, expires_in: 3599, token_type: "Bearer" }];
  }

  send(project: string, authorization: string | undefined, body: Record<string, unknown>): [number, unknown] {
    if (!this.granted.has((authorization ?? "").replace(/^Bearer /, ""))) return fault(401, "UNAUTHENTICATED", "THIRD_PARTY_AUTH_ERROR");
    if (project !== this.project) return fault(403, "PERMISSION_DENIED", "SENDER_ID_MISMATCH");
    const message = body.message as Record<string, unknown> | undefined;
    if (!message || typeof message.token !== "string") return fault(400, "INVALID_ARGUMENT", "INVALID_ARGUMENT");
    if (Object.values((message.data ?? {}) as object).some((value) => typeof value !== "string")) return fault(400, "INVALID_ARGUMENT", "INVALID_ARGUMENT");
    if (this.unregistered.has(message.token)) return fault(404, "NOT_FOUND", "UNREGISTERED");
    this.messages.push({ token: message.token, message });
    return [200, { name: `projects/${this.project}/messages/${randomUUID()}` }];
  }
}

const fault = (code: number, status: string, errorCode: string): [number, unknown] => [
  code,
  { error: { code, message: `${errorCode}.`, status, details: [{ "@type": "type.googleapis.com/google.firebase.fcm.v1.FcmError", errorCode }] } },
];
