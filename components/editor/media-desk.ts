"use client";

import { createContext, use, useEffect, useState } from "react";
import type { MediaView } from "@/lib/feed/media/mappings";

/** An upload, as its place in the text shows it. */
export interface ShownUpload {
  localId: string;
  file: File;
  /** 0 to 1 */
  progress: number;
  mediaId: string | null;
  /** Why it went no further, in words. */
  error: string | null;
  cancel: () => void;
  retry: () => void;
}

/** What the places of media in the text need to know; the editor draws them inside this. */
export interface MediaDesk {
  organization: string;
  uploads: readonly ShownUpload[];
  known: ReadonlyMap<string, MediaView>;
}

export const MediaDeskContext = createContext<MediaDesk>({ organization: "", uploads: [], known: new Map() });

const askAgainMs = 1_500;

/** One of the media, asked for until its sizes are made. */
export function useMedia(mediaId: string): MediaView | null {
  const { organization, known } = use(MediaDeskContext);
  const [asked, setAsked] = useState<MediaView | null>(null);
  const media = asked?.id === mediaId ? asked : (known.get(mediaId) ?? null);
  const waiting = mediaId !== "" && (media === null || media.state === "pending" || media.state === "processing");

  useEffect(() => {
    if (!waiting) return;
    const stop = new AbortController();
    const ask = async () => {
      const response = await fetch(mediaAddress(mediaId, organization), { signal: stop.signal }).catch(() => null);
      if (response?.ok) setAsked((await response.json()) as MediaView);
    };
    void ask();
    const timer = setInterval(() => void ask(), askAgainMs);
    return () => {
      stop.abort();
      clearInterval(timer);
    };
  }, [mediaId, organization, waiting]);

  return media;
}

/** Keeps what somebody who cannot see it should know. False when it could not be kept. */
export async function describe(organization: string, mediaId: string, alt: string): Promise<boolean> {
  const response = await fetch(mediaAddress(mediaId, organization), {
    method: "PATCH",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ alt }),
    keepalive: true,
  }).catch(() => null);
  return response?.ok ?? false;
}

const mediaAddress = (mediaId: string, organization: string) => `/api/media/${mediaId}?${new URLSearchParams({ organization })}`;
