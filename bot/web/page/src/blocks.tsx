// Blocks: what is only looked at is drawn by the renderer; what people use is our own, so that keys and readers reach it.
import { useEffect, useMemo, useState, type ReactNode } from "react";
import { Message, type Block as Drawn } from "slack-blocks-to-jsx";
import { content } from "./api";
import { useDemo } from "./demo";
import { Used } from "./elements";
import type { Block, Cell } from "./types";

type Part = { drawn: Block[] } | { own: Block; id: string };

const OWN = new Set(["actions", "context_actions", "header", "image", "input", "table"]);

/** `blocks` in order; `input` draws what asks for something in a form. */
export function Blocks({ blocks, input }: { blocks: Block[]; input?: (block: Block) => ReactNode }) {
  const parts = useMemo(() => divided(blocks), [blocks]);
  return (
    <div className="blocks">
      {parts.map((part, place) =>
        "drawn" in part ? (
          <Still key={place} blocks={part.drawn} />
        ) : (
          <Own key={part.own.block_id ?? place} block={part.own} id={part.id} input={input} />
        ),
      )}
    </div>
  );
}

function divided(blocks: Block[]): Part[] {
  const parts: Part[] = [];
  blocks.forEach((block, place) => {
    const last = parts.at(-1);
    if (OWN.has(block.type) || block.accessory) parts.push({ own: block, id: block.block_id ?? `b${place}` });
    else if (last && "drawn" in last) last.drawn.push(block);
    else parts.push({ drawn: [block] });
  });
  return parts;
}

function Own({ block, id, input }: { block: Block; id: string; input?: (block: Block) => ReactNode }) {
  if (block.type === "input") return input?.(block) ?? null;
  if (block.type === "header") return <h2 className="header">{block.text?.text}</h2>;
  if (block.type === "table") return <Table block={block} />;
  if (block.type === "image") return <Picture block={block} />;
  if (block.accessory) {
    const { accessory, ...rest } = block;
    return (
      <div className="beside">
        <Still blocks={[rest]} />
        <div className="accessory">
          <Used element={accessory} blockId={id} />
        </div>
      </div>
    );
  }
  return (
    <div className="actions">
      {(block.elements ?? []).map((element, place) => (
        <Used key={element.action_id ?? place} element={element} blockId={id} />
      ))}
    </div>
  );
}

function Still({ blocks }: { blocks: Block[] }) {
  const { name, say } = useDemo();
  return (
    <Message
      withoutWrapper
      logo=""
      name=""
      blocks={blocks as unknown as Drawn[]}
      hooks={{
        user: ({ id }) => <span className="mention">{name(id)}</span>,
        channel: ({ id }) => <span className="mention">{name(id)}</span>,
        link: ({ href, children }) => (
          <a
            href={href}
            className="link"
            title={href}
            onClick={(event) => {
              event.preventDefault();
              say(`In Slack this opens ${href}`);
            }}
          >
            {children}
          </a>
        ),
      }}
    />
  );
}

/** The renderer's tables have no headings for a screen reader, and no way to the columns that do not fit. */
function Table({ block }: { block: Block }) {
  const [head = [], ...body] = block.rows ?? [];
  const settings = block.column_settings ?? [];
  const look = (place: number) => ({
    style: { textAlign: settings[place]?.align },
    className: settings[place]?.is_wrapped === false ? "unbroken" : undefined,
  });
  const cell = (each: Cell) => (each.type === "rich_text" ? <Still blocks={[each as Block]} /> : each.text);
  return (
    <div className="table" tabIndex={0} role="region" aria-label="Table">
      <table>
        <thead>
          <tr>
            {head.map((each, place) => (
              <th key={place} scope="col" {...look(place)}>
                {cell(each)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {body.map((row, number) => (
            <tr key={number}>
              {row.map((each, place) => (
                <td key={place} {...look(place)}>{cell(each)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Picture({ block }: { block: Block }) {
  const [url, setUrl] = useState(block.image_url);
  const id = block.slack_file?.id;
  useEffect(() => {
    if (!id) return;
    let made = "";
    void content(id).then((blob) => setUrl((made = URL.createObjectURL(blob))));
    return () => URL.revokeObjectURL(made);
  }, [id]);
  return (
    <figure>
      {block.title && <figcaption>{block.title.text}</figcaption>}
      {url && <img src={url} alt={block.alt_text ?? ""} />}
    </figure>
  );
}
