// What the server tells, and the parts of Block Kit that people can use.

export interface Person {
  id: string;
  handle: string;
  name: string;
  about: string;
  channels: string[];
}

export interface Channel {
  id: string;
  name: string;
  is_shared: boolean;
}

export interface Shortcut {
  name: string;
  type: "global" | "message";
  callback_id: string;
  description: string;
}

export interface Start {
  workspace: string;
  zone: string;
  bot: string;
  people: Person[];
  channels: Channel[];
  commands: { name: string; usage: string; summary: string }[];
  slashes: { command: string; description: string; usage_hint: string }[];
  shortcuts: Shortcut[];
}

export interface Kept {
  id: string;
  name: string;
  title?: string;
  size: number;
}

export interface Entry {
  ts: string;
  is_update: boolean;
  is_typed: boolean;
  channel: string;
  from: string;
  only: string | null;
  at: number;
  text: string;
  blocks: Block[];
  thread: string | null;
  files: Kept[];
}

export interface Text {
  type?: string;
  text: string;
}

export interface Option {
  text: Text;
  value: string;
  description?: Text;
  url?: string;
}

export interface Element {
  type: string;
  action_id?: string;
  text?: Text;
  value?: string;
  url?: string;
  style?: string;
  confirm?: { title: Text; text: Text; confirm: Text; deny: Text; style?: string };
  placeholder?: Text;
  accessibility_label?: string;
  options?: Option[];
  option_groups?: { label: Text; options: Option[] }[];
  initial_value?: string;
  initial_date?: string;
  initial_option?: Option;
  initial_options?: Option[];
  initial_user?: string;
  initial_users?: string[];
  initial_conversation?: string;
  initial_conversations?: string[];
  multiline?: boolean;
  max_length?: number;
  is_decimal_allowed?: boolean;
  filetypes?: string[];
  max_files?: number;
  image_url?: string;
  alt_text?: string;
  positive_button?: { text: Text; value: string; accessibility_label?: string };
  negative_button?: { text: Text; value: string; accessibility_label?: string };
}

export interface Block {
  type: string;
  block_id?: string;
  text?: Text;
  title?: Text;
  label?: Text;
  hint?: Text;
  optional?: boolean;
  dispatch_action?: boolean;
  element?: Element;
  elements?: Element[];
  accessory?: Element;
  rows?: Cell[][];
  column_settings?: (ColumnSetting | null)[];
  image_url?: string;
  slack_file?: { id?: string };
  alt_text?: string;
}

export interface ColumnSetting {
  align?: "left" | "center" | "right";
  is_wrapped?: boolean;
}

export interface Cell {
  type: string;
  text?: string;
}

export interface View {
  id: string;
  type: string;
  title?: Text;
  submit?: Text;
  close?: Text;
  blocks: Block[];
}

export interface State {
  type: string;
  value?: string | null;
  selected_date?: string | null;
  selected_option?: Option | null;
  selected_options?: Option[];
  selected_user?: string | null;
  selected_users?: string[];
  selected_conversation?: string | null;
  selected_conversations?: string[];
  files?: Kept[];
}

export type Values = Record<string, State>;

export interface Action extends Partial<State> {
  type: string;
  action_id?: string;
  block_id: string;
  text?: Text;
}

export interface Done {
  views?: { method: string; view: View }[];
  errors?: Record<string, string>;
  is_kept?: boolean;
  is_cleared?: boolean;
}

export interface News {
  count: number;
  entries: Entry[];
  home: { version: string; view: View } | null;
  now: number;
}
