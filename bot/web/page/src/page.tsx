// The whole page: who one is, where one is, what has appeared, and the forms that are open.
import { useCallback, useEffect, useMemo, useState } from "react";
import { ask, Failed } from "./api";
import { Blocks } from "./blocks";
import { Composer } from "./composer";
import { ActContext, DemoContext, moment, type Demo } from "./demo";
import { Form } from "./form";
import { Icon } from "./icons";
import { Messages } from "./messages";
import { Sidebar, TopBar } from "./frame";
import { Intro } from "./intro";
import type { Done, Entry, Kept, News, Start, View } from "./types";

const WAIT = 20;

export function Page() {
  const [start, setStart] = useState<Start | null>(null);
  const [trouble, setTrouble] = useState("");
  useEffect(() => {
    ask<Start>("start", {}).then(setStart, (error: Error) => setTrouble(error.message));
  }, []);
  if (trouble) return <p className="trouble" role="alert">{trouble}</p>;
  return start ? <Workspace start={start} /> : <p className="trouble">One moment ...</p>;
}

function Workspace({ start }: { start: Start }) {
  const [viewerId, setViewerId] = useState("U0SAM");
  const [place, setPlace] = useState("C0CALDER");
  const [entries, setEntries] = useState<Entry[]>([]);
  const [home, setHome] = useState<News["home"]>(null);
  const [now, setNow] = useState(0);
  const [views, setViews] = useState<View[]>([]);
  const [thread, setThread] = useState<string | null>(null);
  const [drafts, setDrafts] = useState<Record<string, string>>({});
  const [read, setRead] = useState<Record<string, number>>({});
  const [prompts, setPrompts] = useState<{ title: string; message: string }[]>([]);
  const [said, say] = useState("");
  const [isDrawerOpen, setDrawerOpen] = useState(false);
  const [isPassing, setPassing] = useState(false);

  const viewer = start.people.find((each) => each.id === viewerId)!;
  const direct = `D${viewerId.slice(1)}`;
  const name = useCallback(
    (id: string) => {
      if (id === start.bot) return "@engagement";
      const person = start.people.find((each) => each.id === id);
      const channel = start.channels.find((each) => each.id === id);
      return person ? `@${person.handle}` : channel ? `#${channel.name}` : id;
    },
    [start],
  );
  const demo: Demo = useMemo(() => ({ start, viewer, say, name }), [start, viewer, name]);

  useEffect(() => {
    let isOver = false;
    let count = 0;
    let version = "";
    setEntries([]);
    setHome(null);
    setViews([]);
    setThread(null);
    const listen = async () => {
      for (let wait = 0; !isOver; wait = WAIT) {
        try {
          const news = await ask<News>("news", { viewer: viewerId, after: count, home: version, wait });
          if (isOver) return;
          count = news.count;
          setNow(news.now);
          setEntries((before) => merged(before, news.entries));
          if (news.home) {
            version = news.home.version;
            setHome(news.home);
          }
        } catch (error) {
          if (isOver) return;
          say((error as Error).message);
          await new Promise((resolve) => setTimeout(resolve, 3000));
        }
      }
    };
    void listen();
    return () => {
      isOver = true;
    };
  }, [viewerId]);

  useEffect(() => {
    if (!said) return;
    const timer = setTimeout(() => say(""), 8000);
    return () => clearTimeout(timer);
  }, [said]);

  useEffect(() => {
    const tab = place === "home" ? "home" : place === direct ? "messages" : null;
    if (!tab) return;
    ask<{ prompts: [] }>("home", { viewer: viewerId, tab }).then(
      (found) => setPrompts(found.prompts),
      (error: Error) => say(error.message),
    );
  }, [place, viewerId]);

  const replies = useMemo(() => {
    const found = new Map<string, Entry[]>();
    for (const entry of entries) {
      if (entry.thread && entry.thread !== entry.ts) found.set(entry.thread, [...(found.get(entry.thread) ?? []), entry]);
    }
    return found;
  }, [entries]);
  const here = entries.filter((entry) => entry.channel === place && !(entry.thread && entry.thread !== entry.ts));
  const counts = useMemo(() => {
    const found: Record<string, number> = {};
    for (const entry of entries) if (entry.from !== viewerId) found[entry.channel] = (found[entry.channel] ?? 0) + 1;
    return found;
  }, [entries, viewerId]);
  useEffect(() => {
    setRead((before) => ({ ...before, [`${viewerId} ${place}`]: counts[place] ?? 0 }));
  }, [counts, place, viewerId]);
  const unread = (channel: string) => (counts[channel] ?? 0) - (read[`${viewerId} ${channel}`] ?? 0);

  const shown = useCallback((done: Done) => {
    for (const { method, view } of done.views ?? []) {
      setViews((before) =>
        method === "views.update" && before.some((each) => each.id === view.id)
          ? before.map((each) => (each.id === view.id ? view : each))
          : [...before, view],
      );
    }
  }, []);
  const submitted = useCallback(
    (done: Done, of: View) => {
      if (done.is_cleared) setViews([]);
      else if (done.is_kept === undefined && "views" in done && !done.views?.length) {
        setViews((before) => before.filter((each) => each.id !== of.id));
      }
      shown(done);
    },
    [shown],
  );
  const go = (target: string) => {
    setPlace(target);
    setThread(null);
    setDrawerOpen(false);
  };
  const become = (id: string) => {
    const person = start.people.find((each) => each.id === id)!;
    const target = place.startsWith("D") ? `D${id.slice(1)}` : place;
    setViewerId(id);
    setPlace(target === "home" || person.channels.includes(target) ? target : person.channels[0]!);
  };
  const send = async (text: string, files: Kept[], inThread: string | null) => {
    const more = inThread ? { thread: inThread } : {};
    shown(await ask<Done>("say", { viewer: viewerId, channel: place, text, files: files.map((each) => each.id), ...more }));
  };
  const run = (asked: Promise<Done>) => void asked.then(shown, (error: Error) => say(error.message));
  const pass = async (ahead: string) => {
    setPassing(true);
    try {
      const { arrived } = await ask<{ arrived: number }>("time", { viewer: viewerId, ahead });
      say(arrived === 1 ? "1 message arrived meanwhile." : `${arrived || "No"} messages arrived meanwhile.`);
    } catch (error) {
      say(error instanceof Failed ? error.message : String(error));
    } finally {
      setPassing(false);
    }
  };
  const draftKey = (of: string) => `${viewerId} ${of}`;
  const composer = (of: string, label: string, inThread: string | null) => (
    <Composer
      key={`box ${draftKey(of)}`}
      label={label}
      draft={drafts[draftKey(of)] ?? ""}
      setDraft={(draft) => setDrafts((before) => ({ ...before, [draftKey(of)]: draft }))}
      send={(text, files) => send(text, files, inThread)}
      shortcut={inThread ? undefined : (callback) => run(ask("shortcut", { viewer: viewerId, callback }))}
    />
  );
  const channel = start.channels.find((each) => each.id === place);
  const title = place === "home" || place === direct ? "engagement" : `#${channel?.name}`;
  const threadOf = entries.find((entry) => entry.ts === thread);

  return (
    <DemoContext.Provider value={demo}>
      <div className={`page${isDrawerOpen ? " drawer-open" : ""}`} aria-busy={isPassing}>
        <TopBar
          now={now}
          isPassing={isPassing}
          pass={(ahead) => void pass(ahead)}
          become={become}
          toggleDrawer={() => setDrawerOpen(!isDrawerOpen)}
          isDrawerOpen={isDrawerOpen}
        />
        <Sidebar place={place} direct={direct} unread={unread} go={go} close={() => setDrawerOpen(false)} />
        {isDrawerOpen && <div className="scrim" onClick={() => setDrawerOpen(false)} />}
        <main>
          <header className="place">
            <h1>{title}</h1>
            {channel?.is_shared && <span className="badge">shared with another company</span>}
            {(place === "home" || place === direct) && (
              <nav aria-label="The app's tabs">
                <button type="button" aria-current={place === "home" ? "page" : undefined} onClick={() => go("home")}>
                  Home
                </button>
                <button type="button" aria-current={place === direct ? "page" : undefined} onClick={() => go(direct)}>
                  Messages
                </button>
              </nav>
            )}
          </header>
          {place === "home" ? (
            <div className="home" tabIndex={0} role="region" aria-label="Home tab">
              <ActContext.Provider value={(action) => run(ask("act", { viewer: viewerId, view: "home", action }))}>
                {home ? <Blocks blocks={home.view.blocks} /> : <p className="hint">One moment ...</p>}
              </ActContext.Provider>
            </div>
          ) : (
            <>
              <Messages
                key={`messages ${viewerId} ${place}`}
                entries={here}
                replies={replies}
                label={`Messages in ${title}`}
                shown={shown}
                openThread={setThread}
                intro={
                  <Intro
                    place={place}
                    title={title}
                    prompts={place === direct ? prompts : []}
                    take={(draft) => setDrafts((before) => ({ ...before, [draftKey(place)]: draft }))}
                  />
                }
              />
              {composer(place, `Message ${title}`, null)}
            </>
          )}
        </main>
        {thread && place !== "home" && (
          <aside className="thread" aria-label="Thread">
            <header className="place">
              <h2>Thread</h2>
              <button type="button" className="plain" aria-label="Close thread" onClick={() => setThread(null)}>
                <Icon name="close" />
              </button>
            </header>
            <Messages
              entries={[...(threadOf ? [threadOf] : []), ...(replies.get(thread) ?? [])]}
              label="Messages of the thread"
              shown={shown}
              intro={null}
            />
            {composer(`${place} ${thread}`, "Reply", thread)}
          </aside>
        )}
        {views.map((view, number) => (
          <Form
            key={view.id}
            view={view}
            isOnTop={number > 0}
            done={submitted}
            close={() => setViews((before) => before.filter((each) => each.id !== view.id))}
          />
        ))}
        <div className="toast" role="status" hidden={!said && !isPassing}>
          {isPassing ? `Time passes ... It is ${moment(now, start.zone, { dateStyle: "long" })}.` : said}
        </div>
      </div>
    </DemoContext.Provider>
  );
}

/** An update takes the place of the message that it changes. */
function merged(before: Entry[], news: Entry[]): Entry[] {
  const all = [...before];
  for (const entry of news) {
    const place = entry.is_update ? all.findIndex((each) => each.ts === entry.ts) : -1;
    if (place < 0) all.push(entry);
    else all[place] = { ...all[place]!, text: entry.text, blocks: entry.blocks };
  }
  return all;
}
