import { describe, expect, it } from "vitest";
import { pushSupport, type BrowserTraits } from "./push-support";

const desktop: BrowserTraits = {
  userAgent: "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
  maxTouchPoints: 0,
  isSecure: true,
  hasServiceWorker: true,
  hasPush: true,
  hasNotifications: true,
  isStandalone: false,
};
const iPhone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1";
const mac = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15";

describe("what a browser can do about push", () => {
  it("is everything where all three parts are there", () => {
    expect(pushSupport(desktop)).toBe("supported");
  });

  it("is nothing where one of them is missing", () => {
    for (const part of ["hasServiceWorker", "hasPush", "hasNotifications"] as const) expect(pushSupport({ ...desktop, [part]: false })).toBe("unsupported");
  });

  it("needs https before anything else", () => {
    expect(pushSupport({ ...desktop, isSecure: false, hasServiceWorker: false })).toBe("insecure");
  });

  it("begins with the Home Screen on an iPhone, and on an iPad that calls itself a Mac", () => {
    const inSafari = { ...desktop, hasPush: false, hasNotifications: false, maxTouchPoints: 5 };
    expect(pushSupport({ ...inSafari, userAgent: iPhone })).toBe("home-screen");
    expect(pushSupport({ ...inSafari, userAgent: mac })).toBe("home-screen");
  });

  it("is everything on an iPhone once it is opened from the Home Screen", () => {
    expect(pushSupport({ ...desktop, userAgent: iPhone, maxTouchPoints: 5, isStandalone: true })).toBe("supported");
  });

  it("takes a Mac for a Mac", () => {
    expect(pushSupport({ ...desktop, userAgent: mac })).toBe("supported");
  });
});
