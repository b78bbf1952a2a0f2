import type { Engine } from "../engine";
import { Answer, type Exchange } from "../http";

export async function answerPages(_engine: Engine, _exchange: Exchange, _body: Buffer): Promise<Answer> {
  return new Answer(404, { message: "Not found" });
}
