"use client";

import { useRef } from "react";

interface Props {
  kind: "video" | "audio";
  src: string;
  width: number | null;
  height: number | null;
  label: string;
}

const againAfterMs = 10_000;

/** Plays where it stands. Addresses in the storage end after a while: a player that was paused for longer takes it up at the same second. */
export function Player({ kind, src, width, height, label }: Props) {
  const lastTry = useRef(0);
  const resume = ({ currentTarget: player, timeStamp }: React.SyntheticEvent<HTMLMediaElement>) => {
    const at = player.currentTime;
    if (at === 0 || timeStamp - lastTry.current < againAfterMs) return;
    lastTry.current = timeStamp;
    player.load();
    player.currentTime = at;
    void player.play().catch(() => undefined);
  };
  if (kind === "audio") return <audio controls preload="metadata" src={src} aria-label={label} onError={resume} className="w-full" />;
  return (
    <video
      controls
      playsInline
      preload="metadata"
      src={src}
      width={width ?? undefined}
      height={height ?? undefined}
      aria-label={label}
      onError={resume}
      className="h-auto max-h-[80dvh] max-w-full rounded-lg bg-black"
    />
  );
}
