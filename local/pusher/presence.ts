import type { Connection } from "./connection";
import { asRecord, parseJson } from "./frames";
import type { Limits } from "./limits";
import { code, Refusal } from "./refusal";

export interface Member {
  /** Of the type that the application sent. */
  id: string | number;
  /** JSON text, "null" when there is none. */
  info: string;
}

/** Who is in one presence channel. One person with several connections is one member. */
export class Members {
  private readonly seats = new Map<string, { member: Member; connections: Set<Connection> }>();
  private readonly seatOf = new Map<Connection, string>();
  private roster: string | undefined;

  get count(): number {
    return this.seats.size;
  }

  ids(): string[] {
    return [...this.seats.keys()];
  }

  has(member: Member): boolean {
    return this.seats.has(String(member.id));
  }

  of(connection: Connection): Member | undefined {
    return this.seats.get(this.seatOf.get(connection) ?? "")?.member;
  }

  /** Whether this connection brought somebody new. */
  add(connection: Connection, member: Member): boolean {
    const key = String(member.id);
    this.seatOf.set(connection, key);
    const seat = this.seats.get(key);
    if (seat) {
      seat.connections.add(connection);
      return false;
    }
    this.seats.set(key, { member, connections: new Set([connection]) });
    this.roster = undefined;
    return true;
  }

  /** The member who left with this connection, unless another connection of theirs stays. */
  remove(connection: Connection): Member | undefined {
    const key = this.seatOf.get(connection);
    if (key === undefined) return undefined;
    this.seatOf.delete(connection);
    const seat = this.seats.get(key);
    seat?.connections.delete(connection);
    if (!seat || seat.connections.size > 0) return undefined;
    this.seats.delete(key);
    this.roster = undefined;
    return seat.member;
  }

  /** The data of `subscription_succeeded`. Put together as text, so that ids such as "__proto__" are only names. */
  rosterText(): string {
    this.roster ??= this.composeRoster();
    return this.roster;
  }

  private composeRoster(): string {
    const members = [...this.seats.values()].map((seat) => seat.member);
    const ids = JSON.stringify(members.map((member) => member.id));
    const hash = members.map((member) => `${JSON.stringify(String(member.id))}:${member.info}`).join(",");
    return `{"presence":{"count":${members.length},"ids":${ids},"hash":{${hash}}}}`;
  }
}

export function memberAddedText(member: Member): string {
  return `{"user_id":${JSON.stringify(member.id)},"user_info":${member.info}}`;
}

export function memberRemovedText(member: Member): string {
  return `{"user_id":${JSON.stringify(member.id)}}`;
}

export function memberFromChannelData(channelData: string, limits: Limits): Member {
  const data = asRecord(parseJson(channelData));
  if (!data) throw new Refusal(code.unauthorized, "channel_data must be a JSON object with a user_id.");
  return checkedMember(data.user_id, data.user_info, limits);
}

export function checkedMember(id: unknown, info: unknown, limits: Limits): Member {
  if ((typeof id !== "string" && typeof id !== "number") || id === "") {
    throw new Refusal(code.unauthorized, "A presence channel needs a user_id that is a string or a number.");
  }
  if (String(id).length > limits.userIdLength) {
    throw new Refusal(code.unauthorized, `A user_id has at most ${limits.userIdLength} characters.`);
  }
  const infoText = JSON.stringify(info ?? null);
  if (Buffer.byteLength(infoText) > limits.userInfoBytes) {
    throw new Refusal(code.unauthorized, `user_info has at most ${limits.userInfoBytes} bytes.`);
  }
  return { id, info: infoText };
}
