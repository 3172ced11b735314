// A modal: the browser keeps the focus in it, and gives it back when it closes.
import { useEffect, useRef, type ReactNode } from "react";

interface Props {
  title: string;
  close: () => void;
  children: ReactNode;
  className?: string;
}

export function Dialog({ title, close, children, className = "" }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const shown = dialog.current!;
    const before = document.activeElement as HTMLElement | null;
    shown.showModal();
    shown.querySelector<HTMLElement>(".field :is(input, textarea, button)")?.focus();
    return () => {
      shown.close();
      before?.focus();
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      aria-label={title}
      className={className}
      onCancel={(event) => {
        if (event.target !== dialog.current) return;
        event.preventDefault();
        close();
      }}
    >
      {children}
    </dialog>
  );
}
