// One input of a form: its label, the element that is filled in, what is wrong with it, and a hint.
import { useState } from "react";
import { Failed, upload } from "./api";
import { size, useDemo } from "./demo";
import { BoxList, matching, optionsOf } from "./elements";
import { Icon } from "./icons";
import { Select } from "./select";
import type { Block, Element, Option, State } from "./types";

interface Props {
  block: Block;
  id: string;
  state: State;
  error?: string;
  change: (state: State) => void;
  find: (typed: string) => Promise<Option[]>;
}

export function Field(props: Props) {
  const { block, id, error } = props;
  const isGroup = ["checkboxes", "radio_buttons"].includes(block.element!.type);
  const words = (
    <>
      {block.label?.text}
      {block.optional && <span className="optional"> (optional)</span>}
    </>
  );
  const rest = (
    <>
      <Input {...props} />
      {error && (
        <p className="error" id={`${id}-error`} role="alert">
          <b aria-hidden="true">! </b>
          {error}
        </p>
      )}
      {block.hint && (
        <p className="hint" id={`${id}-hint`}>
          {block.hint.text}
        </p>
      )}
    </>
  );
  if (isGroup) {
    return (
      <fieldset className="field" data-block={block.block_id} aria-describedby={described(block, id, error)}>
        <legend>{words}</legend>
        {rest}
      </fieldset>
    );
  }
  return (
    <div className="field" data-block={block.block_id}>
      <label htmlFor={id}>{words}</label>
      {rest}
    </div>
  );
}

function described(block: Block, id: string, error?: string): string | undefined {
  return [error && `${id}-error`, block.hint && `${id}-hint`].filter(Boolean).join(" ") || undefined;
}

function Input({ block, id, state, error, change, find }: Props) {
  const demo = useDemo();
  const element = block.element!;
  const type = element.type;
  const about = {
    id,
    "aria-describedby": described(block, id, error),
    "aria-invalid": error ? true : undefined,
    "aria-required": block.optional ? undefined : true,
  };
  const text = { ...about, value: state.value ?? "", placeholder: element.placeholder?.text };
  const write = (value: string) => change({ type, value: value || null });
  const isMany = type.startsWith("multi_");

  if (type === "plain_text_input" && element.multiline) {
    return <textarea {...text} rows={3} maxLength={element.max_length} onChange={(event) => write(event.target.value)} />;
  }
  if (type === "number_input") {
    const mode = element.is_decimal_allowed ? "decimal" : "numeric";
    return <input {...text} inputMode={mode} onChange={(event) => write(event.target.value.replace(/[^\d.-]/g, ""))} />;
  }
  if (["plain_text_input", "url_text_input", "email_text_input"].includes(type)) {
    const kind = type === "url_text_input" ? "url" : "text";
    return <input {...text} type={kind} maxLength={element.max_length} onChange={(event) => write(event.target.value)} />;
  }
  if (type === "datepicker") {
    const picked = (value: string) => change({ type, selected_date: value || null });
    return <input {...about} type="date" value={state.selected_date ?? ""} onChange={(event) => picked(event.target.value)} />;
  }
  if (type === "checkboxes") {
    const chosen = state.selected_options ?? [];
    const toggle = (option: Option, isOn: boolean) =>
      change({ type, selected_options: isOn ? [...chosen, option] : chosen.filter((each) => each.value !== option.value) });
    return <BoxList name={id} isMany options={element.options ?? []} chosen={chosen} toggle={toggle} />;
  }
  if (type === "radio_buttons") {
    const chosen = state.selected_option ? [state.selected_option] : [];
    const toggle = (option: Option) => change({ type, selected_option: option });
    return <BoxList name={id} isMany={false} options={element.options ?? []} chosen={chosen} toggle={toggle} />;
  }
  if (type === "file_input") return <Files about={about} element={element} state={state} change={change} />;
  const select = {
    id,
    label: block.label?.text ?? "",
    isMany,
    isWrong: error !== undefined,
    describedBy: about["aria-describedby"],
    placeholder: element.placeholder?.text ?? (isMany ? "Choose some" : "Choose one"),
  };
  if (type.endsWith("users_select") || type.endsWith("conversations_select")) {
    const what = type.includes("users") ? "user" : "conversation";
    const all = what === "user"
      ? demo.start.people.map((person) => ({ text: { text: person.name }, description: { text: `@${person.handle}` }, value: person.id }))
      : demo.start.channels.map((channel) => ({ text: { text: `#${channel.name}` }, value: channel.id }));
    const ids = isMany ? (state[`selected_${what}s`] ?? []) : [state[`selected_${what}`]];
    const chosen = all.filter((option) => ids.includes(option.value));
    const pick = (now: Option[]) =>
      change(isMany ? { type, [`selected_${what}s`]: now.map((each) => each.value) } : { type, [`selected_${what}`]: now[0]?.value ?? null });
    return <Select {...select} chosen={chosen} find={(typed) => matching(all, typed)} pick={pick} />;
  }
  const chosen = isMany ? (state.selected_options ?? []) : state.selected_option ? [state.selected_option] : [];
  const pick = (now: Option[]) =>
    change(isMany ? { type, selected_options: now } : { type, selected_option: now[0] ?? null });
  const isAsked = type.endsWith("external_select");
  return <Select {...select} chosen={chosen} find={isAsked ? find : (typed) => matching(optionsOf(element), typed)} pick={pick} />;
}

function Files({ about, element, state, change }: { about: object; element: Element; state: State; change: (state: State) => void }) {
  const { say } = useDemo();
  const [isBusy, setBusy] = useState(false);
  const files = state.files ?? [];
  const most = element.max_files ?? 10;
  const put = async (chosen: FileList | null) => {
    setBusy(true);
    try {
      const added = await Promise.all([...(chosen ?? [])].map(upload));
      change({ type: "file_input", files: [...files, ...added].slice(-most) });
    } catch (error) {
      say(error instanceof Failed ? error.message : String(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className="files-in" aria-busy={isBusy}>
      <input
        {...about}
        type="file"
        multiple={most > 1}
        accept={element.filetypes?.map((each) => `.${each}`).join(",")}
        onChange={(event) => void put(event.target.files)}
      />
      {files.map((file) => (
        <span key={file.id} className="chip">
          {file.name} ({size(file.size)})
          <button
            type="button"
            aria-label={`Take ${file.name} away`}
            onClick={() => change({ type: "file_input", files: files.filter((each) => each.id !== file.id) })}
          >
            <Icon name="close" size={12} />
          </button>
        </span>
      ))}
    </div>
  );
}

/** What an input holds before anybody touches it. */
export function opened(block: Block): State {
  const element = block.element!;
  const found: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(element)) {
    if (name === "initial_value") found.value = value;
    else if (name.startsWith("initial_")) found[name.replace("initial_", "selected_")] = value;
  }
  return { type: element.type, ...found };
}

export function isEmpty(state: State | undefined): boolean {
  const { type: _, ...held } = state ?? { type: "" };
  return Object.values(held).every((value) => !value || (Array.isArray(value) && value.length === 0));
}
