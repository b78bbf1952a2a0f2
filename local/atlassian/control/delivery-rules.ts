import { z } from "zod";

export const deliveryRuleSchema = z.strictObject({
  /** `drop` loses it, `duplicate` sends copies of it, `delay` sends it later, `hold` keeps it until released, `reorder` gathers `count` and sends them last first. */
  kind: z.enum(["drop", "duplicate", "delay", "hold", "reorder"]),
  /** Only deliveries of this event. */
  event: z.string().optional(),
  hook: z.string().optional(),
  count: z.number().int().positive().default(1),
  copies: z.number().int().min(1).max(100).default(1),
  delayMs: z.number().int().min(0).default(0),
});

export type DeliveryRule = z.infer<typeof deliveryRuleSchema>;
type Running = DeliveryRule & { left: number; gathered: string[] };

/** What happens to the next deliveries before they are sent. In memory: a restart heals it, and releases what was held. */
export class DeliveryRules {
  private rules: Running[] = [];

  add(rule: DeliveryRule): void {
    this.rules.push({ ...rule, left: rule.count, gathered: [] });
  }

  list(): Running[] {
    return this.rules;
  }

  clear(): void {
    this.rules = [];
  }

  /** Uses up one; a rule that gathers says what it has gathered once that is all. */
  take(delivery: { id: string; event: string; hookId: string }): { rule: DeliveryRule; gathered: string[] } | null {
    const rule = this.rules.find((one) => (one.event === undefined || one.event === delivery.event) && (one.hook === undefined || one.hook === delivery.hookId));
    if (!rule) return null;
    rule.left -= 1;
    rule.gathered.push(delivery.id);
    if (rule.left > 0) return { rule, gathered: [] };
    this.rules = this.rules.filter((one) => one !== rule);
    return { rule, gathered: rule.gathered };
  }
}
