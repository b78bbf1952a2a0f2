import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { createContext, runInContext } from "node:vm";
import { describe, expect, test } from "vitest";

const source = readFileSync(resolve(import.meta.dirname, "../../public/push-worker.js"), "utf8");

interface Notice {
  title: string;
  body?: string;
  tag: string;
  data: Record<string, unknown>;
}
type Listener = (event: Record<string, unknown>) => void;

/** The worker in a browser that is made of nothing but what it asks for. */
function startWorker({ tabs = [] as string[], answer = { unread: 0, version: 1 } as unknown } = {}) {
  const listeners = new Map<string, Listener>();
  const shown = new Map<string, Notice>();
  const stored = new Map<string, string>();
  const seen = { badges: [] as number[], calls: [] as { url: string; body: unknown }[], opened: [] as string[], focused: [] as string[], subscribedWith: [] as unknown[] };
  const key = new Uint8Array([4, 1, 2]).buffer;
  const subscription = (endpoint: string) => ({ endpoint, options: { applicationServerKey: key }, toJSON: () => ({ endpoint, keys: { p256dh: "p", auth: "a" } }) });
  const self = {
    addEventListener: (name: string, listener: Listener) => listeners.set(name, listener),
    skipWaiting: () => undefined,
    location: { origin: "https://moim.example" },
    navigator: { setAppBadge: async (count: number) => void seen.badges.push(count), clearAppBadge: async () => void seen.badges.push(0) },
    clients: {
      claim: async () => undefined,
      matchAll: async () => tabs.map((url) => ({ url, focus: async () => void seen.focused.push(url) })),
      openWindow: async (url: string) => void seen.opened.push(url),
    },
    registration: {
      getNotifications: async ({ tag }: { tag: string }) => [...shown.values()].filter((notice) => notice.tag === tag),
      showNotification: async (title: string, options: Omit<Notice, "title">) => void shown.set(options.tag, { title, ...options }),
      pushManager: {
        getSubscription: async () => subscription("https://push.example/old"),
        subscribe: async (options: unknown) => (seen.subscribedWith.push(options), subscription("https://push.example/new")),
      },
    },
  };
  const caches = {
    open: async () => ({
      match: async (place: string) => (stored.has(place) ? { json: async () => JSON.parse(stored.get(place) ?? "") as unknown } : undefined),
      put: async (place: string, response: Response) => void stored.set(place, await response.text()),
    }),
  };
  const fetch = async (url: string, { body }: { body: string }) => {
    seen.calls.push({ url, body: JSON.parse(body) });
    return { ok: true, json: async () => answer };
  };
  runInContext(source, createContext({ self, caches, fetch, URL, URLSearchParams, Response, Uint8Array, btoa, atob }));

  const fire = async (name: string, event: Record<string, unknown>) => {
    let work: unknown;
    listeners.get(name)?.({ ...event, waitUntil: (promise: unknown) => (work = promise) });
    await work;
  };
  return {
    seen,
    shown,
    push: (notice: unknown) => fire("push", { data: { json: () => notice } }),
    pushText: (text: string) => fire("push", { data: { json: () => JSON.parse(text) as unknown } }),
    click: (data: unknown) => fire("notificationclick", { notification: { data, close: () => undefined } }),
    change: (event: Record<string, unknown>) => fire("pushsubscriptionchange", event),
  };
}

const notice = (over: object = {}) => ({ title: "Plan", body: "soon", url: "/here/meetings/1", tag: "t", receiverId: "rcv_1", organization: "here", at: 10, badge: { unread: 3, version: 5 }, ...over });

describe("what arrives", () => {
  test("is shown once a tag, the newest of it, in whatever order it comes", async () => {
    const worker = startWorker();
    await worker.push(notice());
    await worker.push(notice({ title: "Newer", at: 20 }));
    await worker.push(notice({ title: "Late", at: 15 }));
    await worker.push(notice({ title: "Other", tag: "u" }));
    expect([...worker.shown.values()].map(({ title }) => title)).toEqual(["Newer", "Other"]);
  });

  test("counts on the icon, where an old number never overwrites a newer one", async () => {
    const worker = startWorker();
    await worker.push(notice({ badge: { unread: 3, version: 5 } }));
    await worker.push(notice({ badge: { unread: 9, version: 4 } }));
    await worker.push(notice({ badge: { unread: 0, version: 6 } }));
    expect(worker.seen.badges).toEqual([3, 0]);
  });

  test("and cannot be read still shows something, because a browser that is shown nothing takes the permission away", async () => {
    const worker = startWorker();
    await worker.pushText("{ broken");
    await worker.push({ no: "notice" });
    expect([...worker.shown.values()]).toMatchObject([{ title: "Moim" }]);
  });
});

describe("a tap", () => {
  test("opens the page and marks the row read in its organization; the icon counts what is left", async () => {
    const worker = startWorker({ tabs: ["https://moim.example/here/inbox"], answer: { unread: 2, version: 9 } });
    await worker.click(notice());
    expect(worker.seen.opened).toEqual(["https://moim.example/here/meetings/1"]);
    expect(worker.seen.calls).toEqual([{ url: "/api/notifications/read?organization=here", body: { ids: ["rcv_1"] } }]);
    expect(worker.seen.badges).toEqual([2]);
  });

  test("brings the tab forward that shows the page already", async () => {
    const worker = startWorker({ tabs: ["https://moim.example/here/inbox", "https://moim.example/here/meetings/1?x=1"] });
    await worker.click(notice());
    expect(worker.seen).toMatchObject({ opened: [], focused: ["https://moim.example/here/meetings/1?x=1"] });
  });

  test("leads nowhere but to our own pages", async () => {
    const worker = startWorker();
    await worker.click(notice({ url: "https://evil.example/", receiverId: null }));
    await worker.click(notice({ url: "//evil.example/x", receiverId: null }));
    expect(worker.seen.opened).toEqual([]);
  });
});

describe("a new address of this browser", () => {
  test("is registered in the place of the old one, in the organization it stood in", async () => {
    const worker = startWorker();
    await worker.push(notice());
    await worker.change({ oldSubscription: null, newSubscription: null });
    expect(worker.seen.calls).toEqual([
      {
        url: "/api/devices?organization=here",
        body: { kind: "webpush", endpoint: "https://push.example/new", keys: { p256dh: "p", auth: "a" }, replaces: "https://push.example/old" },
      },
    ]);
    expect(worker.seen.subscribedWith).toMatchObject([{ userVisibleOnly: true, applicationServerKey: new Uint8Array([4, 1, 2]) }]);
  });
});
