// Around the conversation: the bar with the clock and who one is, and the list of conversations.
import { moment, useDemo } from "./demo";
import { Icon } from "./icons";
import { Menu } from "./menu";
import { Avatar } from "./messages";

interface TopProps {
  now: number;
  isPassing: boolean;
  pass: (ahead: string) => void;
  become: (id: string) => void;
  toggleDrawer: () => void;
  isDrawerOpen: boolean;
}

const DAY = { weekday: "short", day: "numeric", month: "short", year: "numeric" } as const;
const TIME = { hour: "2-digit", minute: "2-digit" } as const;

const AHEAD = [
  ["1d", "A day passes"],
  ["1w", "A week passes"],
  ["1m", "A month passes"],
] as const;

export function TopBar({ now, isPassing, pass, become, toggleDrawer, isDrawerOpen }: TopProps) {
  const { start, viewer } = useDemo();
  const people = start.people.map((person) => ({
    label: person.name,
    about: person.about,
    isChosen: person.id === viewer.id,
    lead: <Avatar id={person.id} name={person.name} />,
    act: () => become(person.id),
  }));
  return (
    <header className="top">
      <button type="button" className="top-button drawer" aria-label="Conversations" aria-expanded={isDrawerOpen} onClick={toggleDrawer}>
        <Icon name="menu" />
      </button>
      <Menu
        label="Let time pass"
        isNamed
        className="top-button clock"
        items={AHEAD.map(([ahead, label]) => ({ label, act: () => !isPassing && pass(ahead) }))}
      >
        <Icon name="clock" size={16} />
        <span>
          <span className="unseen">Let time pass. It is </span>
          {now ? moment(now, start.zone, DAY) : ""}
          <span className="time"> {now ? moment(now, start.zone, TIME) : ""}</span>
        </span>
        <Icon name="down" size={14} />
      </Menu>
      {AHEAD.map(([ahead, label]) => (
        <button key={ahead} type="button" className="top-button wide" aria-disabled={isPassing} onClick={() => !isPassing && pass(ahead)}>
          {label}
        </button>
      ))}
      <span className="room" />
      <Menu label="Be somebody else" isNamed className="top-button who" side="right" items={people}>
        <Avatar id={viewer.id} name={viewer.name} />
        <span className="who-name">
          {viewer.name} <small>{viewer.about}</small>
          <span className="unseen">: be somebody else</span>
        </span>
        <Icon name="down" size={14} />
      </Menu>
    </header>
  );
}

interface SideProps {
  place: string;
  direct: string;
  unread: (channel: string) => number;
  go: (place: string) => void;
  close: () => void;
}

export function Sidebar({ place, direct, unread, go, close }: SideProps) {
  const { start, viewer } = useDemo();
  const line = (target: string, lead: React.ReactNode, label: string) => {
    const count = target === place || target === "home" ? 0 : unread(target);
    return (
      <li key={target}>
        <button type="button" aria-current={target === place ? "page" : undefined} className={count > 0 ? "unread" : ""} onClick={() => go(target)}>
          <span className="side-lead" aria-hidden="true">
            {lead}
          </span>
          <span className="side-name">{label}</span>
          {count > 0 && (
            <span className="count">
              {count}
              <span className="unseen"> new</span>
            </span>
          )}
        </button>
      </li>
    );
  };
  return (
    <nav className="side" aria-label="Conversations" onKeyDown={(event) => event.key === "Escape" && close()}>
      <p className="workspace">{start.workspace}</p>
      <h2>Channels</h2>
      <ul>
        {start.channels
          .filter((channel) => viewer.channels.includes(channel.id))
          .map((channel) => line(channel.id, <Icon name={channel.is_shared ? "shared" : "hash"} size={16} />, channel.name))}
      </ul>
      <h2>Apps</h2>
      <ul>
        {line(direct, <img src="/icon.svg" alt="" width="20" height="20" />, "engagement")}
        {line("home", <Icon name="home" size={16} />, "Home tab")}
      </ul>
      <p className="side-note">
        A demo on this machine: invented clients, no Slack account, nothing is sent anywhere.{" "}
        <a href="/LICENSES.txt" target="_blank" rel="noreferrer">
          What the page is built from
        </a>
      </p>
    </nav>
  );
}
