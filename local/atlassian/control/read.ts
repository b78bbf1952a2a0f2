import { z } from "zod";
import { Answer } from "../http";

/** @throws Answer that says what is wrong with it */
export function read<S extends z.ZodType>(schema: S, body: unknown): z.output<S> {
  const parsed = schema.safeParse(body);
  if (!parsed.success) throw new Answer(422, { message: z.prettifyError(parsed.error) });
  return parsed.data;
}
