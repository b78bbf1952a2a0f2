"use server";

import { refresh } from "next/cache";
import { after } from "next/server";
import { pokeRelay } from "@/lib/platform/outbox/poke";
import { actingMember } from "@/lib/organizations/actor";
import { setLike } from "./commands";
import { likeableOf } from "./queries";

/** A like before scripts arrive, bound to what it means by the page; scripts talk to `/api/likes`. */
export async function likeAction(organization: string, id: string, liked: boolean): Promise<void> {
  const member = await actingMember(organization);
  await setLike(member, await likeableOf(member, id), liked);
  after(pokeRelay);
  refresh();
}
