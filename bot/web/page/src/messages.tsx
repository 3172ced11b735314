// The messages of a conversation, or of a thread: by days, who wrote them, who sees them, and what one can do with them.
import { Fragment, useEffect, useRef, useState, type ReactNode } from "react";
import { ask, content, save } from "./api";
import { Blocks } from "./blocks";
import { ActContext, moment, size, useDemo } from "./demo";
import { Icon } from "./icons";
import { Menu } from "./menu";
import type { Action, Done, Entry, Kept } from "./types";

interface Props {
  entries: Entry[];
  replies?: Map<string, Entry[]>;
  intro: ReactNode;
  label: string;
  shown: (done: Done) => void;
  openThread?: (ts: string) => void;
}

const CLOSE = 5 * 60;

export function Messages({ entries, replies, intro, label, shown, openThread }: Props) {
  const { start } = useDemo();
  const box = useRef<HTMLDivElement>(null);
  const isFollowed = useRef(true);
  const count = entries.length;
  useEffect(() => {
    const area = box.current!;
    const last = area.querySelector("article:last-of-type");
    isFollowed.current = !last || last.getBoundingClientRect().height <= area.clientHeight;
    if (isFollowed.current) area.scrollTop = area.scrollHeight;
    else last!.scrollIntoView();
  }, [count]);
  useEffect(() => {
    // A picture that comes later must not push the newest message out of sight.
    const area = box.current!;
    const toEnd = () => isFollowed.current && (area.scrollTop = area.scrollHeight);
    const onScroll = () => (isFollowed.current = area.scrollHeight - area.scrollTop - area.clientHeight < 60);
    area.addEventListener("load", toEnd, true);
    area.addEventListener("scroll", onScroll);
    return () => {
      area.removeEventListener("load", toEnd, true);
      area.removeEventListener("scroll", onScroll);
    };
  }, []);
  return (
    <div className="messages" ref={box} tabIndex={0} role="log" aria-label={label}>
      {intro}
      {entries.map((entry, place) => {
        const before = entries[place - 1];
        const day = moment(entry.at, start.zone, { dateStyle: "full" });
        const isNewDay = !before || moment(before.at, start.zone, { dateStyle: "full" }) !== day;
        const follows =
          !isNewDay && !before.is_typed && before.from === entry.from && before.only === entry.only && entry.at - before.at < CLOSE;
        return (
          <Fragment key={entry.ts}>
            {isNewDay && (
              <div className="day">
                <span>{day}</span>
              </div>
            )}
            <Row
              entry={entry}
              follows={follows}
              replies={replies?.get(entry.ts)}
              shown={shown}
              openThread={openThread}
            />
          </Fragment>
        );
      })}
    </div>
  );
}

interface RowProps {
  entry: Entry;
  follows: boolean;
  replies?: Entry[];
  shown: (done: Done) => void;
  openThread?: (ts: string) => void;
}

function Row({ entry, follows, replies, shown, openThread }: RowProps) {
  const { start, viewer, name, say } = useDemo();
  const isBot = entry.from === start.bot;
  const author = isBot ? "engagement" : name(entry.from).slice(1);
  const full = isBot ? "engagement" : (start.people.find((each) => each.id === entry.from)?.name ?? author);
  const time = moment(entry.at, start.zone, { hour: "2-digit", minute: "2-digit" });
  const run = (asked: Promise<Done>) => asked.then(shown, (error: Error) => say(error.message));
  const act = (action: Action) => void run(ask("act", { viewer: viewer.id, ts: entry.ts, action }));
  const tools = start.shortcuts
    .filter((each) => each.type === "message")
    .map((each) => ({
      label: each.name,
      about: each.description,
      act: () => void run(ask("shortcut", { viewer: viewer.id, callback: each.callback_id, ts: entry.ts })),
    }));
  if (entry.is_typed) {
    return (
      <p className="typed">
        <span>You typed</span> <code>{entry.text}</code>
      </p>
    );
  }
  return (
    <article className={`row${follows ? " follows" : ""}${entry.only ? " only" : ""}`} aria-label={`${full}, ${time}`}>
      <div className="row-lead">{follows ? <time>{time}</time> : <Avatar id={entry.from} name={full} />}</div>
      <div className="row-content">
        {entry.only && !follows && (
          <p className="only-you">
            <Icon name="eye" size={14} /> Only visible to you
          </p>
        )}
        {!follows && (
          <p className="row-head">
            <strong>{full}</strong>
            {isBot && <span className="badge">APP</span>}
            <time>{time}</time>
          </p>
        )}
        <ActContext.Provider value={act}>
          {entry.blocks.length ? <Blocks blocks={entry.blocks} /> : <Words text={entry.text} />}
        </ActContext.Provider>
        {entry.files.map((file) => (
          <Attached key={file.id} file={file} />
        ))}
        {replies && openThread && (
          <button type="button" className="replies" onClick={() => openThread(entry.ts)}>
            {replies.length} {replies.length === 1 ? "reply" : "replies"}
          </button>
        )}
      </div>
      <div className="row-tools">
        {openThread && (
          <button type="button" className="plain" aria-label="Reply in thread" title="Reply in thread" onClick={() => openThread(entry.ts)}>
            <Icon name="thread" />
          </button>
        )}
        <Menu label="More actions for this message" title="More actions" className="plain" side="right" items={tools}>
          <Icon name="more" />
        </Menu>
      </div>
    </article>
  );
}

const COLOURS = ["#7c3085", "#1d6f42", "#a3482a", "#2a5ca8", "#8a5a00", "#5b3fa8"];

export function Avatar({ id, name }: { id: string; name: string }) {
  const { start } = useDemo();
  if (id === start.bot) return <img className="avatar" src="/icon.svg" alt="" />;
  const place = start.people.findIndex((each) => each.id === id);
  const initials = name.split(" ").map((word) => word[0]).slice(0, 2).join("");
  return (
    <span className="avatar" aria-hidden="true" style={{ background: COLOURS[Math.max(0, place) % COLOURS.length] }}>
      {initials}
    </span>
  );
}

function Words({ text }: { text: string }) {
  const { start } = useDemo();
  const known = new Set(["@engagement", ...start.people.map((each) => `@${each.handle}`), ...start.channels.map((each) => `#${each.name}`)]);
  if (!text) return null;
  return (
    <p className="words">
      {text.split(/([@#][\w-]+)/).map((piece, place) =>
        known.has(piece) ? (
          <span key={place} className="mention">
            {piece}
          </span>
        ) : (
          piece
        ),
      )}
    </p>
  );
}

function Attached({ file }: { file: Kept }) {
  const { say } = useDemo();
  const [url, setUrl] = useState("");
  const isPicture = /\.(png|jpe?g|gif)$/i.test(file.name);
  useEffect(() => {
    if (!isPicture) return;
    let made = "";
    void content(file.id).then((blob) => setUrl((made = URL.createObjectURL(blob))));
    return () => URL.revokeObjectURL(made);
  }, [file.id]);
  return (
    <div className="attached">
      {url && <img src={url} alt={file.title || file.name} />}
      <button type="button" className="file" onClick={() => save(file.id, file.name).catch((error: Error) => say(error.message))}>
        <span className="file-kind" aria-hidden="true">
          {file.name.split(".").pop()?.toUpperCase().slice(0, 4)}
        </span>
        <span>
          <strong>{file.title || file.name}</strong>
          <small>
            Download {file.name}, {size(file.size)}
          </small>
        </span>
      </button>
    </div>
  );
}
