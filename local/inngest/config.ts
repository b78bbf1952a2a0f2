import { z } from "zod";
import { expression } from "./expression";
import { cronProblem } from "./cron-expression";
import { durationMs } from "./duration";
import { firstLine } from "./log";

/**
 * The configuration of one function as the SDK registers it (`functionConfigSchema` of the SDK's types). Strict at every
 * level: an option that this engine does not know is refused by name, never ignored.
 */
const eventCel = cel("event");
const bothCel = cel("both");
const period = (min: string, max?: string) =>
  z.string().superRefine((text, context) => {
    const ms = durationMs(text);
    if (ms === undefined) context.addIssue(`"${text}" is no duration`);
    else if (ms < (durationMs(min) ?? 0)) context.addIssue(`"${text}" is shorter than ${min}`);
    else if (max && ms > (durationMs(max) ?? 0)) context.addIssue(`"${text}" is longer than ${max}`);
  });
const positive = z.int().min(1);

function cel(variables: "event" | "both") {
  return z.string().superRefine((source, context) => {
    try {
      expression(source, variables);
    } catch (error) {
      context.addIssue(`the expression ${JSON.stringify(source)} cannot be understood: ${firstLine(error)}`);
    }
  });
}

/** Wildcards stand only at the end, after "/" or ".". */
export function eventPatternProblem(pattern: string): string | undefined {
  const star = pattern.indexOf("*");
  if (star === -1) return undefined;
  if (star === pattern.length - 1 && /[/.]\*$/.test(pattern)) return undefined;
  return `"${pattern}": a wildcard may stand only at the end, after "/" or "."`;
}

const eventName = z
  .string()
  .min(1)
  .superRefine((name, context) => {
    const problem = eventPatternProblem(name);
    if (problem) context.addIssue(problem);
  });

const concurrencyLimit = z.strictObject({
  limit: z.int().min(0),
  key: eventCel.optional(),
  scope: z.enum(["fn", "env", "account"]).optional(),
});

const trigger = z.union([
  z.strictObject({ event: eventName, expression: eventCel.optional() }),
  z.strictObject({
    cron: z.string().superRefine((text, context) => {
      const problem = cronProblem(text);
      if (problem) context.addIssue(problem);
    }),
    jitter: period("1s").optional(),
  }),
]);

const functionConfigSchema = z
  .strictObject({
    id: z.string().min(1).max(255),
    name: z.string().optional(),
    triggers: z.array(trigger).max(10),
    steps: z.record(
      z.string(),
      z.strictObject({
        id: z.string(),
        name: z.string(),
        runtime: z.strictObject({ type: z.literal("http", { error: "only HTTP functions are supported, not connect" }), url: z.url() }),
        retries: z.strictObject({ attempts: z.int().min(0).max(20).optional() }).optional(),
      }),
    ),
    idempotency: eventCel.optional(),
    batchEvents: z
      .strictObject({ maxSize: positive.max(1000), timeout: period("1s", "1h"), key: eventCel.optional(), if: eventCel.optional() })
      .optional(),
    rateLimit: z.strictObject({ limit: positive, period: period("1s", "24h"), key: eventCel.optional() }).optional(),
    throttle: z
      .strictObject({ limit: positive, period: period("1s", "7d"), burst: z.int().min(0).optional(), key: eventCel.optional() })
      .optional(),
    debounce: z.strictObject({ period: period("1s", "7d"), key: eventCel.optional(), timeout: period("1s").optional() }).optional(),
    singleton: z.strictObject({ key: eventCel.optional(), mode: z.enum(["skip", "cancel"]) }).optional(),
    priority: z.strictObject({ run: eventCel.optional() }).optional(),
    timeouts: z.strictObject({ start: period("1s").optional(), finish: period("1s").optional() }).optional(),
    concurrency: z.union([z.int().min(0), concurrencyLimit, z.array(concurrencyLimit).min(1).max(2)]).optional(),
    cancel: z
      .array(z.strictObject({ event: eventName, if: bothCel.optional(), timeout: z.string().optional() }))
      .max(5)
      .optional(),
  })
  .superRefine((config, context) => {
    if (!config.steps.step) context.addIssue({ code: "custom", message: "there is no step named \"step\" to call", path: ["steps"] });
    // Hosted Inngest refuses the same combinations.
    for (const option of ["idempotency", "rateLimit", "debounce", "singleton", "priority", "cancel"] as const) {
      if (config.batchEvents && config[option]) {
        context.addIssue({ code: "custom", message: "cannot be combined with batchEvents", path: [option] });
      }
    }
    for (const [index, cancel] of (config.cancel ?? []).entries()) {
      if (cancel.timeout !== undefined && durationMs(cancel.timeout) === undefined) {
        context.addIssue({ code: "custom", message: `"${cancel.timeout}" is no duration`, path: ["cancel", index, "timeout"] });
      }
    }
  });

export type FunctionConfig = z.infer<typeof functionConfigSchema>;
export type EventTrigger = Extract<FunctionConfig["triggers"][number], { event: string }>;
export type CronTrigger = Extract<FunctionConfig["triggers"][number], { cron: string }>;
export type ConcurrencyLimit = z.infer<typeof concurrencyLimit>;

/** A registration that the engine cannot honour whole: each line names the function and the option. */
export class RegistrationRefused extends Error {
  constructor(readonly problems: string[]) {
    super(problems.join("\n"));
  }
}

/** @throws RegistrationRefused naming every function and option that is not supported. */
export function parseFunctions(raw: readonly unknown[]): FunctionConfig[] {
  const problems: string[] = [];
  const configs: FunctionConfig[] = [];
  const ids = new Set<string>();
  for (const [index, item] of raw.entries()) {
    const parsed = functionConfigSchema.safeParse(item);
    const name =
      typeof item === "object" && item !== null && "id" in item && typeof item.id === "string" ? item.id : `#${index}`;
    if (parsed.success) {
      if (ids.has(parsed.data.id)) problems.push(`function "${name}": registered twice`);
      ids.add(parsed.data.id);
      configs.push(parsed.data);
    } else {
      for (const line of issueLines(parsed.error.issues)) problems.push(`function "${name}": ${line}`);
    }
  }
  if (problems.length > 0) throw new RegistrationRefused(problems);
  return configs;
}

/** A union says only "Invalid input": the branch that came nearest says why. */
function issueLines(issues: readonly z.core.$ZodIssue[], parent: readonly PropertyKey[] = []): string[] {
  return issues.flatMap((issue) => {
    const path = [...parent, ...issue.path];
    if (issue.code === "invalid_union") {
      const nearest = [...issue.errors].sort((a, b) => depth(b) - depth(a) || a.length - b.length)[0];
      if (nearest) return issueLines(nearest, path);
    }
    if (issue.code === "unrecognized_keys") {
      return issue.keys.map((key) => `option "${[...path, key].join(".")}" is not supported`);
    }
    return [`option "${path.join(".")}": ${issue.message}`];
  });
}

function depth(issues: readonly z.core.$ZodIssue[]): number {
  return Math.max(0, ...issues.map((issue) => issue.path.length + (issue.code === "custom" ? 1 : 0)));
}
