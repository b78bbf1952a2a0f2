import type { MailBody } from "./body";
import type { Facts, Matter } from "./matter";
import type { Reader } from "./reader";

export interface PushWords {
  title: string;
  body: string;
  /** Instead of both, for readers who keep details off the lock screen. */
  discreet: string;
}

/**
 * Everything that one type of notification says, one file a type. Its inbox line stands in `messages/<locale>/notifications.json`
 * under its type, because pages write it, too (`inbox-line.ts`).
 */
export interface Template<Data> {
  /** Null for what no mail tells. */
  mail: ((data: Data, reader: Reader) => MailBody) | null;
  push: (facts: Facts, reader: Reader, matter: Matter) => PushWords;
}

/** A template whose mail there is. */
export interface MailTemplate<Data> extends Template<Data> {
  mail: (data: Data, reader: Reader) => MailBody;
}
