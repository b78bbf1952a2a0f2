/** The worker stands at the root, so that its scope is every page. */
const workerPath = "/push-worker.js";

/** What this browser remembers of having push turned on: enough to notice a lost or renewed subscription, and another person. */
export interface PushMark {
  endpoint: string;
  organization: string;
  personId: string;
  /** The day on which the server last heard of it. */
  checkedOn: string;
}

/** Sent to the window when this browser's subscription has been looked after. */
export const pushKept = "moim:push-kept";

const markKey = "moim-push";

export function readMark(): PushMark | null {
  try {
    const mark: unknown = JSON.parse(localStorage.getItem(markKey) ?? "null");
    return isMark(mark) ? mark : null;
  } catch {
    return null;
  }
}

export function writeMark(mark: PushMark | null): void {
  try {
    if (mark) localStorage.setItem(markKey, JSON.stringify(mark));
    else localStorage.removeItem(markKey);
  } catch {
    // A browser that keeps nothing is looked at anew with every page; all else works.
  }
}

const isMark = (mark: unknown): mark is PushMark =>
  typeof mark === "object" && mark !== null && "endpoint" in mark && "organization" in mark && "personId" in mark && "checkedOn" in mark;

export async function currentSubscription(): Promise<PushSubscription | null> {
  const registration = await navigator.serviceWorker.getRegistration("/");
  return (await registration?.pushManager.getSubscription()) ?? null;
}

/** Subscribes with today's key. One made with an earlier key could not be reached any more, and a browser holds one at a time. */
export async function subscribe(publicKey: string): Promise<PushSubscription> {
  await navigator.serviceWorker.register(workerPath, { scope: "/" });
  const { pushManager } = await navigator.serviceWorker.ready;
  const existing = await pushManager.getSubscription();
  if (existing && isOfKey(existing, publicKey)) return existing;
  await existing?.unsubscribe();
  return pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytesOf(publicKey) });
}

export function isOfKey(subscription: PushSubscription, publicKey: string): boolean {
  const key = subscription.options.applicationServerKey;
  if (!key) return false;
  const [had, wanted] = [new Uint8Array(key), bytesOf(publicKey)];
  return had.length === wanted.length && had.every((byte, at) => byte === wanted[at]);
}

function bytesOf(base64url: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64url.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}

/** What the server answered, when it was not what was asked for. */
export class PushRefused extends Error {
  constructor(
    readonly status: number,
    readonly code: string | null,
  ) {
    super(`answered ${status}`);
  }
}

/** @param replaces the endpoint that this browser had before, so that one device stays one. */
export async function registerSubscription(organization: string, subscription: PushSubscription, replaces?: string): Promise<void> {
  const { endpoint, keys } = subscription.toJSON();
  await send("/api/devices", "POST", organization, { kind: "webpush", endpoint, keys, ...(replaces && replaces !== endpoint && { replaces }) });
}

/** This browser's device shows from now on what concerns `organization`. @throws PushRefused 404 when there is no such device (any more). */
export const bringHere = (organization: string, { endpoint }: PushSubscription) => send("/api/devices/current", "PUT", organization, { endpoint });

async function send(path: string, method: "POST" | "PUT", organization: string, body: object): Promise<void> {
  const response = await fetch(`${path}?organization=${encodeURIComponent(organization)}`, {
    method,
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  if (response.ok) return;
  const problem: unknown = await response.json().catch(() => null);
  const code = typeof problem === "object" && problem !== null && "code" in problem ? String(problem.code) : null;
  throw new PushRefused(response.status, code);
}

/** Ends the subscription at the push service, too: whoever uses this browser next is shown nothing. */
export async function forgetSubscription(): Promise<void> {
  writeMark(null);
  await (await currentSubscription())?.unsubscribe();
}
