"use client";

import { useCallback, useEffect, useState, useSyncExternalStore } from "react";
import { useOrganizationNews } from "../notifications/organization-news";
import { convertPicture } from "./convert-picture";
import { uploadCalls } from "./upload-calls";
import { createUploader, type UploadHooks, type UploadItem } from "./uploader";

interface Options extends UploadHooks {
  /** Slug. */
  organization: string;
}

const none: UploadItem[] = [];

/** Uploads that go on through every rendering: each with its progress, to be cancelled, tried again and taken off the list. */
export function useUploads({ organization, onDone, onReady }: Options) {
  const [uploader] = useState(() => createUploader({ calls: uploadCalls(organization), convert: convertPicture }));
  useEffect(() => uploader.tell({ onDone, onReady }), [uploader, onDone, onReady]);
  const uploads = useSyncExternalStore(uploader.subscribe, uploader.items, () => none);
  const busy = uploads.some(({ state }) => state === "waiting" || state === "uploading" || state === "offline" || state === "checking");

  useOrganizationNews("media.changed", (data) => {
    if (typeof data === "object" && data !== null && "mediaId" in data && typeof data.mediaId === "string") uploader.changed(data.mediaId);
  });
  useEffect(() => {
    if (!busy) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, [busy]);

  const add = useCallback((files: Iterable<File>) => uploader.add(files), [uploader]);
  return { uploads, add, busy };
}
