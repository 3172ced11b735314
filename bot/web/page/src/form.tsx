// Forms as Slack shows them: inputs with hints and errors, one on top of another, sent to the app as a whole.
import { useEffect, useId, useRef, useState, type FormEvent } from "react";
import { ask, Failed } from "./api";
import { Blocks } from "./blocks";
import { ActContext, useDemo } from "./demo";
import { Dialog } from "./dialog";
import { Field, isEmpty, opened } from "./field";
import { Icon } from "./icons";
import type { Action, Block, Done, State, Values, View } from "./types";

interface Props {
  view: View;
  isOnTop: boolean;
  done: (done: Done, of: View) => void;
  close: () => void;
}

const NEEDED = "Please complete this required field.";

export function Form({ view, isOnTop, done, close }: Props) {
  const { viewer, say } = useDemo();
  const [values, setValues] = useState<Values>(() => inputsOf(view, {}));
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [isBusy, setBusy] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const id = useId();

  useEffect(() => {
    setValues((before) => inputsOf(view, before));
    setErrors({});
  }, [view]);

  const latest = useRef(values);
  latest.current = values;

  const send = async (name: string, asked: object) => {
    setBusy(true);
    try {
      const answer = await ask<Done>(name, { viewer: viewer.id, view: view.id, ...asked });
      if (answer.errors) {
        setErrors(answer.errors);
        focusFirst(answer.errors);
      } else done(answer, view);
    } catch (error) {
      say(error instanceof Failed ? error.message : String(error));
    } finally {
      setBusy(false);
    }
  };

  const focusFirst = (found: Record<string, string>) => {
    const first = view.blocks.find((block) => block.block_id && found[block.block_id]);
    requestAnimationFrame(() =>
      form.current?.querySelector<HTMLElement>(`[data-block="${CSS.escape(first?.block_id ?? "")}"] :is(input, textarea)`)?.focus(),
    );
  };

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isBusy) return;
    const missing = view.blocks.filter((block) => block.type === "input" && !block.optional && isEmpty(values[block.block_id!]));
    if (missing.length) {
      const found = Object.fromEntries(missing.map((block) => [block.block_id!, NEEDED]));
      setErrors(found);
      focusFirst(found);
      return;
    }
    void send("submit", { values: asSent(view, values) });
  };

  const change = (block: Block, state: State) => {
    const now = { ...latest.current, [block.block_id!]: state };
    latest.current = now;
    setValues(now);
    setErrors(({ [block.block_id!]: _, ...others }) => others);
    if (block.dispatch_action && !isEmpty(state) && "selected_option" in state) {
      const action = { ...state, action_id: block.element!.action_id, block_id: block.block_id! };
      void send("act", { action, values: asSent(view, now) });
    }
  };
  const use = (action: Action) => void send("act", { action, values: asSent(view, values) });

  return (
    <Dialog title={view.title?.text ?? "Form"} close={close} className="form">
      <form ref={form} onSubmit={submit} noValidate aria-busy={isBusy}>
        <header>
          <h2>{view.title?.text}</h2>
          <button type="button" className="plain" aria-label="Close" onClick={close}>
            <Icon name="close" />
          </button>
        </header>
        <div className="form-body" tabIndex={0} role="group" aria-label="Content">
          <ActContext.Provider value={use}>
            <Blocks
              blocks={view.blocks}
              input={(block) => (
                <Field
                  key={block.block_id}
                  block={block}
                  id={`${id}-${block.block_id}`}
                  state={values[block.block_id!] ?? opened(block)}
                  error={errors[block.block_id!]}
                  change={(state) => change(block, state)}
                  find={async (typed) =>
                    (await ask<{ options: [] }>("suggest", {
                      viewer: viewer.id, view: view.id, block: block.block_id, typed, values: asSent(view, latest.current),
                    })).options
                  }
                />
              )}
            />
          </ActContext.Provider>
        </div>
        <footer className="dialog-foot">
          <button type="button" className="button" onClick={close}>
            {view.close?.text ?? (isOnTop ? "Back" : "Close")}
          </button>
          {view.submit && (
            <button type="submit" className="button filled" aria-disabled={isBusy}>
              {view.submit.text}
            </button>
          )}
        </footer>
      </form>
    </Dialog>
  );
}

/** What is in the inputs of `view`: of those that were there before, what was in them. */
function inputsOf(view: View, before: Values): Values {
  const inputs = view.blocks.filter((block) => block.type === "input");
  return Object.fromEntries(inputs.map((block) => [block.block_id!, before[block.block_id!] ?? opened(block)]));
}

function asSent(view: View, values: Values): Record<string, Record<string, State>> {
  const inputs = view.blocks.filter((block) => block.type === "input");
  return Object.fromEntries(
    inputs.map((block) => [
      block.block_id!,
      { [block.element!.action_id!]: values[block.block_id!] ?? opened(block) },
    ]),
  );
}
