// The elements of messages, the home tab and forms that people use at once: buttons, menus, selects, boxes, dates.
import { useContext, useId, useState } from "react";
import { ActContext, useDemo } from "./demo";
import { Dialog } from "./dialog";
import { Icon } from "./icons";
import { Menu } from "./menu";
import { Select } from "./select";
import type { Action, Element, Option } from "./types";

/** `element` as it stands in the block `blockId`. */
export function Used({ element, blockId }: { element: Element; blockId: string }) {
  const use = useContext(ActContext);
  const [asks, setAsks] = useState<Action | null>(null);
  const base = { type: element.type, action_id: element.action_id, block_id: blockId };
  const act = (more: Partial<Action>) => {
    const action = { ...base, ...more };
    if (element.confirm) setAsks(action);
    else use(action);
  };
  return (
    <>
      <Shape element={element} act={act} />
      {asks && element.confirm && (
        <Confirm confirm={element.confirm} answer={(isSure) => (setAsks(null), isSure && use(asks))} />
      )}
    </>
  );
}

function Shape({ element, act }: { element: Element; act: (more: Partial<Action>) => void }) {
  switch (element.type) {
    case "button":
    case "workflow_button":
      return <Button element={element} act={() => act({ text: element.text, value: element.value })} />;
    case "overflow":
      return (
        <Menu
          label={element.accessibility_label ?? "More actions"}
          className="overflow"
          items={(element.options ?? []).map((option) => ({
            label: option.text.text,
            about: option.description?.text,
            act: () => act({ selected_option: option }),
          }))}
        >
          <Icon name="more" size={16} />
        </Menu>
      );
    case "feedback_buttons":
      return <Feedback element={element} act={act} />;
    case "checkboxes":
    case "radio_buttons":
      return <Boxes element={element} act={act} />;
    case "datepicker":
      return (
        <input
          type="date"
          aria-label={element.placeholder?.text ?? "Date"}
          defaultValue={element.initial_date}
          onChange={(event) => event.target.value && act({ selected_date: event.target.value })}
        />
      );
    case "static_select":
    case "multi_static_select":
      return <Chosen element={element} act={act} />;
    case "image":
      return <img className="thumb" src={element.image_url} alt={element.alt_text ?? ""} />;
    default:
      return <em className="unknown">{element.type} is not drawn here</em>;
  }
}

function Button({ element, act }: { element: Element; act: () => void }) {
  const { say } = useDemo();
  const press = () => {
    act();
    if (element.url) say(`In Slack this opens ${element.url}`);
  };
  return (
    <button type="button" className={`button ${element.style ?? ""}`} aria-label={element.accessibility_label} onClick={press}>
      {element.text?.text}
    </button>
  );
}

function Feedback({ element, act }: { element: Element; act: (more: Partial<Action>) => void }) {
  const [given, setGiven] = useState("");
  const both = [
    { button: element.positive_button, mark: "👍" },
    { button: element.negative_button, mark: "👎" },
  ];
  return (
    <>
      {both.map(
        ({ button, mark }) =>
          button && (
            <button
              key={mark}
              type="button"
              className="feedback"
              aria-label={button.accessibility_label ?? button.text.text}
              title={button.text.text}
              aria-pressed={given === mark}
              onClick={() => {
                setGiven(mark);
                act({ text: button.text, value: button.value });
              }}
            >
              <span aria-hidden="true">{mark}</span>
            </button>
          ),
      )}
    </>
  );
}

function Boxes({ element, act }: { element: Element; act: (more: Partial<Action>) => void }) {
  const isMany = element.type === "checkboxes";
  const [chosen, setChosen] = useState<Option[]>(
    isMany ? (element.initial_options ?? []) : element.initial_option ? [element.initial_option] : [],
  );
  const name = useId();
  const toggle = (option: Option, isOn: boolean) => {
    const rest = isMany ? chosen.filter((each) => each.value !== option.value) : [];
    const now = isOn ? [...rest, option] : rest;
    setChosen(now);
    act(isMany ? { selected_options: now } : { selected_option: now[0] ?? null });
  };
  return <BoxList name={name} isMany={isMany} options={element.options ?? []} chosen={chosen} toggle={toggle} />;
}

interface BoxListProps {
  name: string;
  isMany: boolean;
  options: Option[];
  chosen: Option[];
  toggle: (option: Option, isOn: boolean) => void;
}

export function BoxList({ name, isMany, options, chosen, toggle }: BoxListProps) {
  return (
    <div className="boxes">
      {options.map((option) => (
        <label key={option.value}>
          <input
            type={isMany ? "checkbox" : "radio"}
            name={name}
            checked={chosen.some((each) => each.value === option.value)}
            onChange={(event) => toggle(option, event.target.checked)}
          />
          <span>
            {option.text.text}
            {option.description && <small>{option.description.text}</small>}
          </span>
        </label>
      ))}
    </div>
  );
}

function Chosen({ element, act }: { element: Element; act: (more: Partial<Action>) => void }) {
  const isMany = element.type.startsWith("multi_");
  const [chosen, setChosen] = useState<Option[]>(
    element.initial_options ?? (element.initial_option ? [element.initial_option] : []),
  );
  const pick = (now: Option[]) => {
    setChosen(now);
    if (isMany) act({ selected_options: now });
    else if (now[0]) act({ selected_option: now[0] });
  };
  const label = element.placeholder?.text ?? "Choose one";
  return (
    <Select
      id={useId()}
      label={label}
      placeholder={label}
      chosen={chosen}
      isMany={isMany}
      find={(typed) => matching(optionsOf(element), typed)}
      pick={pick}
    />
  );
}

export function optionsOf(element: Element): Option[] {
  return element.options ?? (element.option_groups ?? []).flatMap((group) => group.options);
}

export function matching(options: Option[], typed: string): Option[] {
  const wanted = typed.trim().toLowerCase();
  return options.filter((option) => option.text.text.toLowerCase().includes(wanted));
}

function Confirm({ confirm, answer }: { confirm: NonNullable<Element["confirm"]>; answer: (isSure: boolean) => void }) {
  return (
    <Dialog title={confirm.title.text} close={() => answer(false)} className="confirm">
      <h2>{confirm.title.text}</h2>
      <p>{confirm.text.text}</p>
      <div className="dialog-foot">
        <button type="button" className="button" onClick={() => answer(false)}>
          {confirm.deny.text}
        </button>
        <button type="button" className={`button ${confirm.style ?? "primary"}`} onClick={() => answer(true)}>
          {confirm.confirm.text}
        </button>
      </div>
    </Dialog>
  );
}
