import { lookup as systemLookup, type LookupAddress, type LookupOptions } from "node:dns";
import { isIP } from "node:net";
import ipaddr from "ipaddr.js";
import { Agent, buildConnector, request } from "undici";
import { env } from "./env";

/**
 * Requests to addresses that customers or browsers name: push services, outgoing webhooks. They reach public addresses only, over TLS,
 * whatever the spelling or the DNS answer; what is private to this machine or network must never be asked on somebody's behalf (SSRF).
 */
export interface SafeRequest {
  method?: "GET" | "POST" | "PUT" | "DELETE" | "HEAD";
  headers?: Record<string, string>;
  body?: string | Uint8Array;
  /** For everything together: name, connection, answer. */
  timeoutMs?: number;
  /** How much of the answer's body is read. */
  maxBytes?: number;
  /**
   * Keeps the connection for further requests to the same origin: many small ones to a push service. It stays with the address that
   * was checked; without it each request asks the DNS anew.
   */
  keepAlive?: boolean;
}

export interface SafeAnswer {
  status: number;
  headers: Record<string, string>;
  body: string;
  /** There was more than `maxBytes`, or it did not come in time. The status stands all the same. */
  truncated: boolean;
}

/** Why nothing may be sent there, whatever happens later. */
export type OutboundFault = "malformed" | "scheme" | "userinfo" | "port" | "private";

export interface SafeRefusal {
  /** `timeout` and `unreachable` may pass; whether the other side acted on the request is unknown. */
  refused: OutboundFault | "unresolvable" | "timeout" | "unreachable";
  detail: string;
}

type Lookup = (hostname: string, options: LookupOptions & { all: true }, callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void) => void;

interface Settings {
  /** `host:port` of receivers that an operator trusts by name. */
  allow: readonly string[];
  lookup: Lookup;
}

const timeoutMsDefault = 3_000;
const maxBytesDefault = 64 * 1024;
const publicPorts = [443];

class Blocked extends Error {}

/** Global unicast and nothing else: what ipaddr.js calls unicast includes IPv6 space that nobody has handed out. */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.parse(address);
  if (parsed.range() !== "unicast") return false;
  return parsed.kind() === "ipv4" || parsed.match(ipaddr.parse("2000::"), 3);
}

const bare = (hostname: string) => hostname.replace(/^\[|\]$/g, "");
const portOf = (url: URL) => Number(url.port || (url.protocol === "https:" ? 443 : 80));

function faultOf(url: URL, allow: readonly string[]): OutboundFault | null {
  if (url.username || url.password) return "userinfo";
  if (allow.includes(`${url.hostname.toLowerCase()}:${portOf(url)}`)) return url.protocol === "https:" || url.protocol === "http:" ? null : "scheme";
  if (url.protocol !== "https:") return "scheme";
  if (!publicPorts.includes(portOf(url))) return "port";
  const host = bare(url.hostname);
  if (isIP(host) !== 0 && !isPublicAddress(host)) return "private";
  return /(^|\.)(localhost|local|internal)\.?$/i.test(host) ? "private" : null;
}

/** What is wrong with an address that somebody names, before anything is asked of it; null when it may be tried. */
export function outboundFault(address: string): OutboundFault | null {
  return URL.canParse(address) ? faultOf(new URL(address), env().OUTBOUND_ALLOW) : "malformed";
}

/** Opens connections to public addresses and to what the operator allows by name. */
export function guardedConnector(settingsOf: () => Settings): buildConnector.connector {
  /** Refuses if any answer is not public, and hands over the very addresses that were looked at: the DNS is not asked again. */
  const publicLookup = (hostname: string, options: LookupOptions, callback: (error: Error | null, address: string | LookupAddress[], family?: number) => void) => {
    settingsOf().lookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, []);
      const hidden = addresses.find(({ address }) => !isPublicAddress(address));
      // Not which: whoever names a host must not learn how this network calls and numbers its own.
      if (hidden) return callback(new Blocked(`${hostname} leads to an address that is not public`), []);
      const [first] = addresses;
      if (!first) return callback(Object.assign(new Error(`${hostname} has no address`), { code: "ENOTFOUND" }), []);
      if (options.all) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };
  const trusting = buildConnector({ timeout: timeoutMsDefault });
  const guarded = buildConnector({ timeout: timeoutMsDefault, lookup: publicLookup as never });

  return (options, callback) => {
    const host = bare(options.hostname);
    const port = options.port || (options.protocol === "https:" ? "443" : "80");
    if (settingsOf().allow.includes(`${options.hostname.toLowerCase()}:${port}`)) return trusting(options, callback);
    // An address is never looked up, so the lookup alone would let every literal pass.
    if (isIP(host) !== 0 && !isPublicAddress(host)) return callback(new Blocked(`${host} is not a public address`), null);
    guarded(options, callback);
  };
}

export function createSafeFetch(settingsOf: () => Settings) {
  const connect = guardedConnector(settingsOf);
  const kept = new Agent({ connect, connections: 64, keepAliveTimeout: 20_000 });
  const fresh = new Agent({ connect, pipelining: 0 });

  /** One request without redirects. Never throws: either an answer, whatever its status, or why there is none. */
  return async function safeFetch(address: string, wish: SafeRequest = {}): Promise<SafeAnswer | SafeRefusal> {
    const fault = URL.canParse(address) ? faultOf(new URL(address), settingsOf().allow) : "malformed";
    if (fault) return { refused: fault, detail: `${address.slice(0, 200)} may not be called (${fault})` };
    const timeoutMs = wish.timeoutMs ?? timeoutMsDefault;
    const signal = AbortSignal.timeout(timeoutMs);
    try {
      const { statusCode, headers, body } = await request(address, {
        dispatcher: wish.keepAlive ? kept : fresh,
        method: wish.method ?? "GET",
        headers: wish.headers,
        body: wish.body,
        signal,
      });
      return { status: statusCode, headers: flat(headers), ...(await readUpTo(body, wish.maxBytes ?? maxBytesDefault)) };
    } catch (error) {
      return refusalOf(error, signal.aborted, timeoutMs);
    }
  };
}

async function readUpTo(body: AsyncIterable<Buffer> & { destroy(): unknown }, maxBytes: number): Promise<{ body: string; truncated: boolean }> {
  const chunks: Buffer[] = [];
  let room = maxBytes;
  let truncated = false;
  try {
    for await (const chunk of body) {
      chunks.push(chunk.subarray(0, room));
      room -= chunk.byteLength;
      if (room < 0) {
        truncated = true;
        break;
      }
    }
  } catch {
    // The status has come, so the other side has acted; what it had to say besides is not worth a second request.
    truncated = true;
  }
  if (truncated) body.destroy();
  return { body: Buffer.concat(chunks).toString("utf8"), truncated };
}

function refusalOf(error: unknown, late: boolean, timeoutMs: number): SafeRefusal {
  const detail = error instanceof Error ? error.message || error.name : String(error);
  if (error instanceof Blocked) return { refused: "private", detail };
  if (late) return { refused: "timeout", detail: `no answer within ${timeoutMs} ms` };
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") return { refused: "unresolvable", detail };
  if (code === "UND_ERR_CONNECT_TIMEOUT") return { refused: "timeout", detail };
  return { refused: "unreachable", detail };
}

function flat(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  const entries = Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, Array.isArray(value) ? value.join(", ") : value] as const]));
  return Object.fromEntries(entries);
}

export const safeFetch = createSafeFetch(() => ({ allow: env().OUTBOUND_ALLOW, lookup: systemLookup }));
