// What every part of the page can reach: who is looking, names, and what to do when something is used.
import { createContext, useContext } from "react";
import type { Action, Person, Start } from "./types";

export interface Demo {
  start: Start;
  viewer: Person;
  say: (words: string) => void;
  name: (id: string) => string;
}

export const DemoContext = createContext<Demo | null>(null);

export function useDemo(): Demo {
  const demo = useContext(DemoContext);
  if (demo === null) throw new Error("outside of the demo");
  return demo;
}

/** Something in a message, a form or the home tab was used. */
export type Use = (action: Action) => void;

export const ActContext = createContext<Use>(() => undefined);

export function moment(at: number, zone: string, how: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat("en-GB", { timeZone: zone, ...how }).format(new Date(at * 1000));
}

export function size(bytes: number): string {
  return bytes < 1000 ? `${bytes} bytes` : bytes < 1_000_000 ? `${Math.round(bytes / 1000)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
