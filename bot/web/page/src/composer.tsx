// The box to write in: slash commands, people and channels are completed; Enter sends, Shift and Enter begin a line.
import { useEffect, useId, useRef, useState, type KeyboardEvent } from "react";
import { Failed, upload } from "./api";
import { size, useDemo } from "./demo";
import { Icon } from "./icons";
import { Menu } from "./menu";
import type { Kept, Start } from "./types";

interface Suggestion {
  text: string;
  label: string;
  about: string;
}

interface Props {
  label: string;
  draft: string;
  setDraft: (draft: string) => void;
  send: (text: string, files: Kept[]) => Promise<void>;
  shortcut?: (callback: string) => void;
}

const MOST = 8;

export function Composer({ label, draft, setDraft, send, shortcut }: Props) {
  const { start, say } = useDemo();
  const [files, setFiles] = useState<Kept[]>([]);
  const [sent, setSent] = useState<string[]>([]);
  const [at, setAt] = useState(0);
  const [isHidden, setHidden] = useState(true);
  const box = useRef<HTMLTextAreaElement>(null);
  const picker = useRef<HTMLInputElement>(null);
  const id = useId();
  const found = isHidden ? [] : suggestions(draft, start);

  useEffect(() => {
    const area = box.current!;
    area.style.height = "auto";
    area.style.height = `${Math.min(area.scrollHeight, 200)}px`;
  }, [draft]);

  const write = (text: string) => {
    setDraft(text);
    setAt(0);
    setHidden(false);
  };
  const take = (suggestion: Suggestion) => {
    write(suggestion.text);
    box.current?.focus();
  };
  const go = async () => {
    const text = draft.trim();
    if (!text && !files.length) return;
    setHidden(true);
    setSent([...sent, text]);
    setDraft("");
    setFiles([]);
    try {
      await send(text, files);
    } catch (error) {
      say(error instanceof Failed ? error.message : String(error));
      if (box.current?.value) return; // what was written meanwhile stays
      setDraft(text);
      setFiles(files);
    }
  };
  const attach = async (chosen: FileList | null) => {
    try {
      const added = await Promise.all([...(chosen ?? [])].map(upload));
      setFiles([...files, ...added]);
    } catch (error) {
      say(error instanceof Failed ? error.message : String(error));
    }
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (found.length && step) {
      event.preventDefault();
      setAt((at + step + found.length) % found.length);
    } else if (found.length && event.key === "Tab" && !event.shiftKey) {
      event.preventDefault();
      take(found[at]!);
    } else if (event.key === "Escape" && found.length) {
      event.preventDefault();
      setHidden(true);
    } else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      const chosen = found[at];
      if (chosen && chosen.text.trim() !== draft.trim() && !chosen.text.trim().startsWith(draft.trim() + " ")) take(chosen);
      else void go();
    } else if (event.key === "ArrowUp" && !draft && sent.length) {
      event.preventDefault();
      setDraft(sent.at(-1)!);
      setHidden(true);
    }
  };

  return (
    <div className="composer">
      {found.length > 0 && (
        <ul className="suggestions" role="listbox" id={`${id}-list`} aria-label="Suggestions">
          {found.map((each, place) => (
            <li
              key={each.label}
              id={`${id}-${place}`}
              role="option"
              aria-selected={place === at}
              onPointerDown={(event) => event.preventDefault()}
              onClick={() => take(each)}
            >
              <strong>{each.label}</strong>
              <span>{each.about}</span>
            </li>
          ))}
        </ul>
      )}
      <div className="composer-box">
        <textarea
          ref={box}
          rows={1}
          aria-label={label}
          placeholder={label}
          aria-autocomplete="list"
          aria-controls={found.length ? `${id}-list` : undefined}
          aria-activedescendant={found.length ? `${id}-${at}` : undefined}
          value={draft}
          onChange={(event) => write(event.target.value)}
          onKeyDown={onKey}
          onBlur={() => setHidden(true)}
        />
        {files.length > 0 && (
          <div className="chips">
            {files.map((file) => (
              <span key={file.id} className="chip">
                {file.name} ({size(file.size)})
                <button type="button" aria-label={`Take ${file.name} away`} onClick={() => setFiles(files.filter((each) => each !== file))}>
                  <Icon name="close" size={12} />
                </button>
              </span>
            ))}
          </div>
        )}
        <div className="composer-foot">
          <button type="button" className="plain" aria-label="Attach a file" title="Attach a file" onClick={() => picker.current?.click()}>
            <Icon name="plus" />
          </button>
          <input ref={picker} type="file" multiple hidden onChange={(event) => void attach(event.target.files)} />
          <button
            type="button"
            className="plain"
            aria-label="Slash commands"
            title="Slash commands"
            onClick={() => {
              write("/");
              box.current?.focus();
            }}
          >
            <Icon name="slash" />
          </button>
          {shortcut && (
            <Menu
              label="Shortcuts"
              title="Shortcuts"
              className="plain"
              items={start.shortcuts
                .filter((each) => each.type === "global")
                .map((each) => ({ label: each.name, about: each.description, act: () => shortcut(each.callback_id) }))}
            >
              <Icon name="bolt" />
            </Menu>
          )}
          <span className="room" />
          <button type="button" className="send" aria-label="Send" aria-disabled={!draft.trim() && !files.length} onClick={() => void go()}>
            <svg viewBox="0 0 20 20" width="16" height="16" aria-hidden="true">
              <path d="M2 3.2 18 10 2 16.8 4 10.8 11 10 4 9.2z" fill="currentColor" />
            </svg>
          </button>
        </div>
      </div>
    </div>
  );
}

function suggestions(draft: string, start: Start): Suggestion[] {
  const typed = draft.toLowerCase();
  if (typed.startsWith("/") && !typed.includes(" ")) {
    return start.slashes
      .filter((each) => each.command.startsWith(typed))
      .map((each) => ({ text: `${each.command} `, label: each.command, about: each.description }));
  }
  const main = /^\/engagement +(.*)$/s.exec(typed);
  if (main) {
    const words = main[1]!;
    return start.commands
      .filter((each) => each.name.startsWith(words) || (words.length > 2 && !words.includes(" ") && each.name.includes(words)))
      .slice(0, MOST)
      .map((each) => ({ text: `/engagement ${each.name} `, label: `/engagement ${each.name}`, about: each.summary }));
  }
  const last = /(^|\s)([@#])([\w-]*)$/.exec(draft);
  if (!last) return [];
  const before = draft.slice(0, draft.length - last[3]!.length);
  const people = [{ handle: "engagement", name: "The bot" }, ...start.people].map((each) => [each.handle, each.name] as const);
  const channels = start.channels.map((each) => [each.name, "Channel"] as const);
  return (last[2] === "@" ? people : channels)
    .filter(([handle]) => handle.startsWith(last[3]!.toLowerCase()))
    .map(([handle, about]) => ({ text: `${before}${handle} `, label: `${last[2]}${handle}`, about }));
}
