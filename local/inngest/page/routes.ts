import type { Context, Reply, Request } from "../server";

export function answerPage(_context: Context, _request: Request): Promise<Reply | undefined> {
  return Promise.resolve(undefined);
}
