// A select that is searched by typing: of given options, of people or channels, or of what the app suggests.
import { useEffect, useId, useRef, useState, type KeyboardEvent } from "react";
import { Icon } from "./icons";
import type { Option } from "./types";

interface Props {
  id: string;
  label: string;
  chosen: Option[];
  isMany: boolean;
  placeholder: string;
  describedBy?: string;
  isWrong?: boolean;
  find: (typed: string) => Promise<Option[]> | Option[];
  pick: (chosen: Option[]) => void;
}

export function Select({ id, label, chosen, isMany, placeholder, describedBy, isWrong, find, pick }: Props) {
  const [typed, setTyped] = useState<string | null>(null);
  const [options, setOptions] = useState<Option[]>([]);
  const [at, setAt] = useState(0);
  const [isOpen, setOpen] = useState(false);
  const listId = useId();
  const list = useRef<HTMLUListElement>(null);
  const asked = useRef(0);

  useEffect(() => {
    if (!isOpen) return;
    const number = ++asked.current;
    void Promise.resolve(find(typed ?? "")).then((found) => {
      if (number !== asked.current) return;
      setOptions(found);
      setAt(0);
    });
  }, [isOpen, typed]);

  useEffect(() => {
    if (isOpen) list.current?.scrollIntoView({ block: "nearest" });
  }, [isOpen, options]);

  useEffect(() => {
    list.current?.children[at]?.scrollIntoView({ block: "nearest" });
  }, [at, options]);

  const close = () => {
    setOpen(false);
    setTyped(null);
  };
  const choose = (option: Option | undefined) => {
    if (!option) return;
    const others = chosen.filter((each) => each.value !== option.value);
    pick(isMany ? (others.length < chosen.length ? others : [...chosen, option]) : [option]);
    if (isMany) setTyped("");
    else close();
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!isOpen) setOpen(true);
      else if (options.length) setAt((at + (event.key === "ArrowDown" ? 1 : -1) + options.length) % options.length);
    } else if (event.key === "Enter" && isOpen) {
      event.preventDefault();
      choose(options[at]);
    } else if (event.key === "Escape" && isOpen) {
      event.preventDefault();
      event.stopPropagation();
      close();
    } else if (event.key === "Backspace" && !typed && isMany && chosen.length) {
      pick(chosen.slice(0, -1));
    } else if (event.key === "Tab") {
      close();
    }
  };

  const shown = isMany ? (typed ?? "") : (typed ?? chosen[0]?.text.text ?? "");
  const optionId = (place: number) => `${listId}-${place}`;
  return (
    <div className="select" onBlur={(event) => !event.currentTarget.contains(event.relatedTarget) && close()}>
      <div className={`select-box${isWrong ? " wrong" : ""}`}>
        {isMany &&
          chosen.map((option) => (
            <span key={option.value} className="chip">
              {option.text.text}
              <button
                type="button"
                aria-label={`Take ${option.text.text} away`}
                onClick={() => pick(chosen.filter((each) => each.value !== option.value))}
              >
                <Icon name="close" size={12} />
              </button>
            </span>
          ))}
        <input
          id={id}
          role="combobox"
          aria-label={label}
          aria-expanded={isOpen}
          aria-controls={listId}
          aria-autocomplete="list"
          aria-activedescendant={isOpen && options[at] ? optionId(at) : undefined}
          aria-describedby={describedBy}
          aria-invalid={isWrong || undefined}
          autoComplete="off"
          placeholder={chosen.length && isMany ? "" : placeholder}
          value={shown}
          onClick={() => setOpen(true)}
          onChange={(event) => {
            setTyped(event.target.value);
            setOpen(true);
          }}
          onKeyDown={onKey}
        />
        {!isMany && chosen.length > 0 && (
          <button type="button" className="clear" aria-label={`Clear ${label}`} onClick={() => pick([])}>
            <Icon name="close" size={14} />
          </button>
        )}
      </div>
      <ul ref={list} id={listId} role="listbox" aria-label={label} hidden={!isOpen} className="select-list" tabIndex={-1}>
        {options.map((option, place) => (
          <li
            key={option.value}
            id={optionId(place)}
            role="option"
            aria-selected={chosen.some((each) => each.value === option.value)}
            className={place === at ? "at" : ""}
            onPointerDown={(event) => event.preventDefault()}
            onClick={() => choose(option)}
          >
            <span>{option.text.text}</span>
            {option.description && <small>{option.description.text}</small>}
          </li>
        ))}
        {isOpen && options.length === 0 && (
          <li role="option" aria-selected={false} aria-disabled="true" className="none">
            Nothing found
          </li>
        )}
      </ul>
    </div>
  );
}
