// Small pictures, drawn so that they look alike with every font.
const PATHS = {
  plus: "M10 4v12M4 10h12",
  slash: "M12.5 4l-5 12",
  bolt: "M11.5 2.5L5 11.5h4.5l-1 6L15 8.5h-4.5z",
  thread: "M3 4h14v9H9l-4 3v-3H3z",
  more: "M10 4.5v.01M10 10v.01M10 15.5v.01",
  menu: "M3 5h14M3 10h14M3 15h14",
  down: "M5.5 8l4.5 4.5L14.5 8",
  close: "M5 5l10 10M15 5L5 15",
  clock: "M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM10 6v4.2l2.8 1.8",
  eye: "M1.8 10S4.8 4.8 10 4.8 18.2 10 18.2 10 15.2 15.2 10 15.2 1.8 10 1.8 10zM10 7.7a2.3 2.3 0 1 0 0 4.6 2.3 2.3 0 0 0 0-4.6z",
  home: "M3.5 9.5L10 3.5l6.5 6M5 8.5v8h10v-8",
  hash: "M8 3L6 17M14 3l-2 14M3.5 7.5h14M2.5 12.5h14",
  shared: "M3 7h7v7H3zM8 4h9v9h-4",
} as const;

export function Icon({ name, size = 18 }: { name: keyof typeof PATHS; size?: number }) {
  return (
    <svg viewBox="0 0 20 20" width={size} height={size} aria-hidden="true" className="icon">
      <path
        d={PATHS[name]}
        fill="none"
        stroke="currentColor"
        strokeWidth={name === "more" ? 2.4 : 1.6}
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
