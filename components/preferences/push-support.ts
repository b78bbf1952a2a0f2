/** What a browser says about itself, as far as push depends on it. */
export interface BrowserTraits {
  userAgent: string;
  /** iPadOS calls itself a Mac; a Mac has no touch points. */
  maxTouchPoints: number;
  isSecure: boolean;
  hasServiceWorker: boolean;
  hasPush: boolean;
  hasNotifications: boolean;
  /** Opened from the Home Screen. */
  isStandalone: boolean;
}

export type PushSupport = "supported" | "unsupported" | "insecure" | "home-screen";

/** iPhone and iPad offer push to apps on the Home Screen alone (Safari 16.4 and later); in a tab there is no PushManager. */
export function pushSupport(traits: BrowserTraits): PushSupport {
  const isApple = /iPhone|iPad|iPod/.test(traits.userAgent) || (/Macintosh/.test(traits.userAgent) && traits.maxTouchPoints > 1);
  if (!traits.isSecure) return "insecure";
  if (isApple && !traits.isStandalone) return "home-screen";
  return traits.hasServiceWorker && traits.hasPush && traits.hasNotifications ? "supported" : "unsupported";
}

export function traitsOfThisBrowser(): BrowserTraits {
  return {
    userAgent: navigator.userAgent,
    maxTouchPoints: navigator.maxTouchPoints,
    isSecure: window.isSecureContext,
    hasServiceWorker: "serviceWorker" in navigator,
    hasPush: "PushManager" in window,
    hasNotifications: "Notification" in window,
    isStandalone: window.matchMedia("(display-mode: standalone)").matches || ("standalone" in navigator && navigator.standalone === true),
  };
}
