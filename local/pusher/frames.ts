import type { RawData } from "ws";
import { Refusal } from "./refusal";

/** A frame ready to be written: encoded once, however many read it. */
export type Frame = Buffer;

export interface Incoming {
  event: string;
  channel: unknown;
  data: unknown;
}

interface Outgoing {
  event: string;
  channel?: string;
  /** A JSON text inside the JSON: what the protocol asks of every server frame but `pusher:error`. */
  data?: string;
  user_id?: string | number;
}

export function frame(fields: Outgoing): Frame {
  return Buffer.from(JSON.stringify(fields));
}

export function errorFrame(code: number | null, message: string): Frame {
  return Buffer.from(JSON.stringify({ event: "pusher:error", data: { code, message } }));
}

export function decode(raw: RawData, isBinary: boolean): Incoming {
  if (isBinary) throw new Refusal(null, "Binary frames are not part of the protocol.");
  const message = asRecord(parseJson(String(raw)));
  if (!message) throw new Refusal(null, "A frame must be a JSON object.");
  const { event, channel, data } = message;
  if (typeof event !== "string") throw new Refusal(null, "A frame needs an event name.");
  return { event, channel, data };
}

/** undefined when the text is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

export function asRecord(value: unknown): Record<string, unknown> | undefined {
  return isRecord(value) ? value : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
