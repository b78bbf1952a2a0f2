import { afterSave, follows, isDirty, isSafe, opened, saveIn, statusOf, type Content, type SaveEvent, type SaveState, type Stored } from "./autosave";
import { saveCall, storedCall } from "./draft-calls";
import { copiesOf, dropCopies, dropCopy, keepCopy, resume } from "./local-copy";
import { draftChannel, markOpen, openTabs } from "./open-tabs";

export interface Writing {
  organization: string;
  memberId: string;
  articleId: string;
  /** The version of the article that this was begun on. */
  basedOn: number;
  /** The page was rendered before the draft was last saved: what stands around the text may be old, too. */
  onStale: () => void;
}

/** Where what is written stands on the screen. */
export interface Screen {
  read: () => Content;
  show: (content: Content) => void;
}

export interface SaveView {
  state: SaveState;
  /** What to begin with, once it is known: the server's, or what this browser kept. */
  begin: Content | null;
  /** Words were found in this browser that the server did not have. */
  found: boolean;
  /** False: this browser keeps no copy of what the server does not have. */
  kept: boolean;
}

const copyAfterMs = 250;
/** Drafts that were open in this page before: who comes back to one by the browser's history gets the page as it was then. */
const openedBefore = new Set<string>();
const present = () => new Date(performance.timeOrigin + performance.now()).toISOString();

/**
 * Runs the machine of `autosave.ts` for one tab: timers, the connection, this browser's memory and the other tabs. Outside of React,
 * because it goes on where a page ends: the last save may leave with it.
 */
export function runAutosave({ organization, memberId, articleId, basedOn: basedOnAtFirst, onStale }: Writing, rendered: Stored) {
  const tab = crypto.randomUUID();
  let stored = rendered;
  let basedOn = basedOnAtFirst;
  let view: SaveView = { state: opened(tab, stored.revision, stored.revision > 0 ? stored.updatedAt : null), begin: null, found: false, kept: true };
  let screen: Screen | null = null;
  let dirtySince = 0;
  let saveTimer: ReturnType<typeof setTimeout> | undefined;
  let copyTimer: ReturnType<typeof setTimeout> | undefined;
  let underWay: Promise<void> | null = null;
  let channel: ReturnType<typeof draftChannel> | null = null;
  let over = false;
  let busy = false;
  const hearers = new Set<() => void>();

  const update = (next: Partial<SaveView>) => {
    view = { ...view, ...next };
    for (const hear of hearers) hear();
  };

  const turn = (event: SaveEvent) => {
    update({ state: afterSave(view.state, event) });
    plan();
  };

  function plan(): void {
    clearTimeout(saveTimer);
    const wait = over ? null : saveIn(view.state, performance.now() - dirtySince);
    if (wait !== null && screen) saveTimer = setTimeout(() => void send(), wait);
  }

  function keep(): void {
    clearTimeout(copyTimer);
    copyTimer = undefined;
    if (over || !screen || isSafe(view.state)) return;
    const kept = keepCopy(localStorage, memberId, articleId, { tab, revision: view.state.revision, keptAt: present(), content: screen.read() });
    if (kept !== view.kept) update({ kept });
  }

  function send(): Promise<void> {
    if (underWay) return underWay;
    if (!screen || over) return Promise.resolve();
    clearTimeout(saveTimer);
    const content = screen.read();
    const { revision, inherited } = view.state;
    underWay = saveCall({ organization, articleId, tab, revision, basedOn }, content).then((event) => {
      underWay = null;
      if (over) return;
      if (event.type === "saved") {
        channel?.say({ ...content, revision: event.revision, tab, updatedAt: event.savedAt });
        for (const before of inherited) dropCopy(localStorage, memberId, articleId, before);
        dirtySince = performance.now();
      }
      turn(event);
      if (isSafe(view.state)) dropCopy(localStorage, memberId, articleId, tab);
    });
    turn({ type: "sent" });
    return underWay;
  }

  function changed(): void {
    if (!isDirty(view.state)) dirtySince = performance.now();
    turn({ type: "edited" });
    copyTimer ??= setTimeout(keep, copyAfterMs);
  }

  const hear = (other: Stored) => {
    if (follows(view.state, other)) screen?.show(other);
    turn({ type: "heard", stored: other });
  };

  /** What the page can still do when it goes, or is put away: a phone may never come back to it. */
  const leave = () => {
    keep();
    if (saveIn(view.state, 0) !== null && view.state.failures === 0) void send();
  };
  const onHidden = () => document.visibilityState === "hidden" && leave();
  const onOnline = () => {
    turn({ type: "online" });
    if (saveIn(view.state, 0) !== null) void send();
  };
  const onUnload = (event: BeforeUnloadEvent) => {
    leave();
    if (isInTrouble()) event.preventDefault();
  };

  /** Something is unsaved and will not be in a moment. */
  const isInTrouble = () => !over && (busy || ["offline", "refused", "conflict"].includes(statusOf(view.state)));

  function start(): () => void {
    const closed = markOpen(tab);
    channel = draftChannel(memberId, articleId, hear);
    document.addEventListener("visibilitychange", onHidden);
    window.addEventListener("pagehide", leave);
    window.addEventListener("online", onOnline);
    window.addEventListener("beforeunload", onUnload);
    void begin();
    return () => {
      leave();
      closed();
      channel?.close();
      channel = null;
      clearTimeout(saveTimer);
      document.removeEventListener("visibilitychange", onHidden);
      window.removeEventListener("pagehide", leave);
      window.removeEventListener("online", onOnline);
      window.removeEventListener("beforeunload", onUnload);
    };
  }

  /** Asked of the browser once the page has come to life: the server knows nothing of its memory. */
  async function begin(): Promise<void> {
    const [open, present] = await Promise.all([
      openTabs().catch(() => new Set<string>()),
      openedBefore.has(articleId) ? storedCall(organization, articleId) : null,
    ]);
    if (view.begin) return;
    openedBefore.add(articleId);
    if (present && present.revision !== stored.revision) {
      ({ basedOn } = present);
      stored = present;
      onStale();
    }
    open.delete(tab);
    const { content, state, found, needless } = resume(tab, stored, copiesOf(localStorage, memberId, articleId), open);
    for (const other of needless) dropCopy(localStorage, memberId, articleId, other);
    dirtySince = performance.now();
    update({ state, begin: content, found });
  }

  return {
    tab,
    read: () => view,
    listen(hearer: () => void) {
      hearers.add(hearer);
      return () => void hearers.delete(hearer);
    },
    start,
    /** The editor is there: what was found in the browser is saved from now on. */
    attach(next: Screen) {
      screen = next;
      keep();
      plan();
    },
    changed,
    /** Files are under way, which end with the page. */
    setBusy: (now: boolean) => void (busy = now),
    isInTrouble,
    /** Saves now. Gives the revision that holds everything, or null when it could not be saved. */
    async flush(): Promise<number | null> {
      keep();
      // What was typed while one save was under way needs another; more would be somebody who goes on typing.
      for (let round = 0; round < 3 && (underWay !== null || isDirty(view.state)); round += 1) {
        if (!underWay && (view.state.conflict || view.state.refused)) break;
        await send();
      }
      return isSafe(view.state) ? view.state.revision : null;
    },
    keepMine: () => turn({ type: "kept-mine" }),
    takeOther() {
      const { conflict } = view.state;
      if (!conflict) return;
      screen?.show(conflict);
      turn({ type: "took-other" });
      dropCopy(localStorage, memberId, articleId, tab);
      for (const before of view.state.inherited) dropCopy(localStorage, memberId, articleId, before);
    },
    /** The other's words below mine: nobody's are lost, and a person puts them together. */
    keepBoth() {
      const { conflict } = view.state;
      if (!conflict || !screen) return;
      const mine = screen.read();
      screen.show({
        title: mine.title || conflict.title,
        coverId: mine.coverId ?? conflict.coverId,
        document: { type: "doc", content: [...mine.document.content, { type: "horizontalRule" }, ...conflict.document.content] },
      });
      turn({ type: "kept-mine" });
    },
    /** A save was refused elsewhere (a form that was sent) because of this. */
    overtakenBy: (other: Stored) => turn({ type: "overtaken", stored: other }),
    /** Published or thrown away: nothing is kept here any more. */
    forget() {
      over = true;
      clearTimeout(saveTimer);
      clearTimeout(copyTimer);
      dropCopies(localStorage, memberId, articleId);
    },
    /** A form that was to end this was refused: saving goes on. */
    goOn() {
      over = false;
      plan();
    },
  };
}
export type Autosave = ReturnType<typeof runAutosave>;
