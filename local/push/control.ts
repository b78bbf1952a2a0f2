/** What goes wrong on purpose. */
export interface ControlRule {
  mode: "ok" | "rate-limit" | "server-error" | "slow" | "drop-before-accept" | "drop-after-accept" | "gone" | "not-found" | "refuse";
  /** How many sends it applies to; without it, until the mode is set again. */
  count?: number;
  delayMs?: number;
  retryAfterSeconds?: number;
  /** Only sends to this endpoint or phone token. */
  match?: string;
}

/** One rule holds at a time. */
export class Control {
  private rule: ControlRule = { mode: "ok" };
  private left = Infinity;

  set(rule: ControlRule): void {
    this.rule = rule;
    this.left = rule.count ?? Infinity;
  }

  /** The rule for one send to `address`; taking it counts. */
  take(address: string): ControlRule {
    if (this.rule.mode === "ok" || this.left <= 0) return { mode: "ok" };
    if (this.rule.match !== undefined && this.rule.match !== address) return { mode: "ok" };
    this.left -= 1;
    return this.rule;
  }
}
