// A button that opens a menu: arrow keys, Home, End and Escape work, and the focus comes back to the button.
import { useEffect, useId, useRef, useState, type KeyboardEvent, type ReactNode } from "react";

export interface Item {
  label: string;
  about?: string;
  isChosen?: boolean;
  lead?: ReactNode;
  act: () => void;
}

interface Props {
  label: string;
  /** Whether what is in the button says what it is: then `label` is only the menu's. */
  isNamed?: boolean;
  items: Item[];
  children: ReactNode;
  className?: string;
  side?: "left" | "right";
  title?: string;
}

export function Menu({ label, isNamed, items, children, className = "", side = "left", title }: Props) {
  const [isOpen, setOpen] = useState(false);
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const list = useRef<HTMLDivElement>(null);

  const listed = () => [...(list.current?.querySelectorAll<HTMLElement>("[role^=menuitem]") ?? [])];
  const close = (giveBack: boolean) => {
    setOpen(false);
    if (giveBack) button.current?.focus();
  };

  useEffect(() => {
    if (!isOpen) return;
    const all = listed();
    (all.find((each) => each.getAttribute("aria-checked") === "true") ?? all[0])?.focus();
    const edge = list.current!.getBoundingClientRect();
    if (edge.right > window.innerWidth - 8) list.current!.classList.add("right");
    list.current!.scrollIntoView({ block: "nearest" });
    const outside = (event: Event) => {
      if (!list.current?.contains(event.target as Node) && !button.current?.contains(event.target as Node)) close(false);
    };
    document.addEventListener("pointerdown", outside);
    return () => document.removeEventListener("pointerdown", outside);
  }, [isOpen]);

  const onKey = (event: KeyboardEvent) => {
    const all = listed();
    const here = all.indexOf(document.activeElement as HTMLElement);
    const targets: Record<string, number> = { ArrowDown: here + 1, ArrowUp: here - 1, Home: 0, End: all.length - 1 };
    const target = targets[event.key];
    if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      close(true);
    } else if (event.key === "Tab") {
      setOpen(false);
    } else if (target !== undefined) {
      event.preventDefault();
      all[(target + all.length) % all.length]?.focus();
    }
  };

  return (
    <span className="menu">
      <button
        ref={button}
        type="button"
        className={className}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        aria-controls={isOpen ? id : undefined}
        aria-label={isNamed ? undefined : label}
        title={title}
        onClick={() => setOpen(!isOpen)}
        onKeyDown={(event) => {
          if (event.key === "ArrowDown" && !isOpen) {
            event.preventDefault();
            setOpen(true);
          }
        }}
      >
        {children}
      </button>
      {isOpen && (
        <div ref={list} id={id} role="menu" aria-label={label} className={`menu-list ${side}`} onKeyDown={onKey}>
          {items.map((item) => (
            <button
              key={item.label}
              type="button"
              role={item.isChosen === undefined ? "menuitem" : "menuitemradio"}
              aria-checked={item.isChosen}
              tabIndex={-1}
              onClick={() => {
                close(true);
                item.act();
              }}
            >
              {item.lead}
              <span className="menu-words">
                <span>{item.label}</span>
                {item.about && <small>{item.about}</small>}
              </span>
              {item.isChosen && <span aria-hidden="true">✓</span>}
            </button>
          ))}
        </div>
      )}
    </span>
  );
}
