/** Why a frame or a connection was refused, in the protocol's own codes. */
export class Refusal extends Error {
  constructor(
    /** null where the protocol has no code for it. */
    readonly code: number | null,
    message: string,
    /** Whether the connection ends with the refusal. */
    readonly fatal = false,
  ) {
    super(message);
  }
}

export const code = {
  unknownKey: 4001,
  appDisabled: 4003,
  overConnectionQuota: 4004,
  pathNotFound: 4005,
  invalidVersion: 4006,
  unsupportedVersion: 4007,
  noVersion: 4008,
  unauthorized: 4009,
  overCapacity: 4100,
  reconnect: 4200,
  pongMissing: 4201,
  clientEventRejected: 4301,
  watchlistTooLong: 4302,
} as const;
