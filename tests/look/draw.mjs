// Draws Block Kit as Slack would: node draw.mjs SURFACES.json FOLDER [--no-pictures]
//
// SURFACES.json: {people, channels, surfaces: [{name, kind: message|home|modal, title, payload}]}. Writes one PNG for each
// surface, width and theme into FOLDER, and what was measured to its measured.json. One Chromium, one page for each
// width and theme.
import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { chromium } from 'playwright-core'
import { createElement as h } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'

const require = createRequire(import.meta.url)
const { Message } = require('slack-blocks-to-jsx')
const STYLE = readFileSync(require.resolve('slack-blocks-to-jsx/dist/style.css'), 'utf8')
const LOGO =
  "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 36 36'><rect width='36' height='36' rx='6' fill='%23234a6d'/><path d='M10 19l5 5 11-12' stroke='white' stroke-width='4' fill='none'/></svg>"
const WIDTHS = [760, 390]
const THEMES = ['light', 'dark']
// What the renderer draws. A block or element that is not here would be missing from the picture without a word.
const KNOWN = new Set(
  ('actions context context_actions divider header image input rich_text section table button overflow image ' +
    'feedback_buttons plain_text_input url_text_input number_input email_text_input datepicker timepicker static_select ' +
    'multi_static_select external_select multi_external_select users_select multi_users_select ' +
    'conversations_select multi_conversations_select radio_buttons checkboxes file_input').split(' '),
)
const PAGE = `
  body { margin: 0; font-family: Lato, "Noto Sans", "DejaVu Sans", Arial, "Noto Color Emoji", sans-serif }
  body.light { background: #fff; color: #1d1c1d } body.dark { background: #1a1d21; color: #d1d2d3 }
  /* As Slack does: a long address goes on in the next line; a table's cell does not. */
  .surface li, .surface p { overflow-wrap: anywhere !important } .surface table * { overflow-wrap: normal !important }
  .surface { padding: 12px 16px; box-sizing: border-box; width: 100% }
  .modal > .frame { border: 1px solid #8888; border-radius: 8px; padding: 4px 16px 12px; max-width: 520px; margin: auto }
  .modal h1 { font-size: 20px } .modal footer { text-align: right; padding-top: 12px }
  .modal footer b { border: 1px solid #8888; border-radius: 4px; padding: 6px 12px; margin-left: 8px; font-size: 14px }
  .field { margin: 14px 0; font-size: 15px } .field .label { font-weight: bold; margin-bottom: 4px }
  .field .optional, .field .hint, .field .empty { color: #777; font-weight: normal } .dark .field .hint, .dark .field .optional, .dark .field .empty { color: #aaa }
  .field .hint { font-size: 13px; margin-top: 4px } .field .box { border: 1px solid #8888; border-radius: 4px; padding: 7px 11px; white-space: pre-wrap; overflow-wrap: anywhere }
  .field .box.tall { min-height: 64px } .field .box.select::after { content: '▾'; float: right }
`

const [, , source, folder, ...options] = process.argv
const { people, channels, surfaces } = JSON.parse(readFileSync(source, 'utf8'))

function unknownTypes(blocks) {
  const found = []
  for (const block of blocks) {
    const parts = [block, block.accessory, block.element, ...(block.type === 'actions' || block.type === 'context_actions' ? block.elements : [])]
    for (const part of parts) if (part && !KNOWN.has(part.type)) found.push(part.type)
  }
  return found
}

// What an input holds when it opens, as the words that are seen in it.
function held(element) {
  const named = (list, ids, sign) => ids.map((id) => sign + (list.find((one) => one.id === id)?.name ?? id))
  const chosen = [element.initial_option, ...(element.initial_options ?? [])].filter(Boolean).map((one) => one.text.text)
  const users = named(people, [element.initial_user, ...(element.initial_users ?? [])].filter(Boolean), '@')
  const rooms = named(channels, [element.initial_conversation, ...(element.initial_conversations ?? [])].filter(Boolean), '#')
  return [element.initial_value, element.initial_date, ...chosen, ...users, ...rooms].filter(Boolean).join(', ')
}

// The renderer draws every input as an empty text area, whatever it holds: these are drawn here, as Slack does.
function input({ label, hint, optional, element }, key) {
  const { type } = element
  const said = held(element)
  const isSelect = type.endsWith('select')
  const empty = element.placeholder?.text ?? (isSelect ? 'Choose an option' : type === 'datepicker' ? 'Select a date' : type === 'file_input' ? `Add a file: ${(element.filetypes ?? ['any']).join(', ')}` : '\u00a0')
  const boxes = (element.options ?? []).map((one) => {
    const isOn = [element.initial_option, ...(element.initial_options ?? [])].some((other) => other?.value === one.value)
    const mark = type === 'checkboxes' ? (isOn ? '☑' : '☐') : isOn ? '◉' : '○'
    return h('div', { key: one.value }, `${mark} ${one.text.text}`)
  })
  const box = h('div', { className: `box ${element.multiline ? 'tall' : ''} ${isSelect ? 'select' : ''} ${said ? '' : 'empty'}` }, said || empty)
  return h('div', { key, className: 'field' },
    h('div', { className: 'label' }, label.text, optional && h('span', { className: 'optional' }, ' (optional)')),
    ['checkboxes', 'radio_buttons'].includes(type) ? boxes : box,
    hint && h('div', { className: 'hint' }, hint.text))
}

// Slack reads neither mentions nor markup in plain text; the renderer would.
function asPlain(key, value) {
  return value?.type === 'plain_text' ? { ...value, text: value.text.replaceAll('<@', '<\u200b@').replaceAll('<#', '<\u200b#') } : value
}

function drawn(surface, theme) {
  const found = JSON.parse(JSON.stringify(surface.payload.blocks), asPlain)
  const data = { users: people, channels }
  const props = { name: 'Engagement Checks', logo: LOGO, time: new Date(0), theme, data, withoutWrapper: surface.kind !== 'message' }
  const runs = []
  for (const block of found)
    if (block.type === 'input') runs.push(block)
    else if (Array.isArray(runs.at(-1))) runs.at(-1).push(block)
    else runs.push([block])
  const inside = runs.map((run, key) => (Array.isArray(run) ? h(Message, { ...props, key, blocks: run }) : input(run, key)))
  const framed =
    surface.kind === 'modal'
      ? h('div', { className: 'frame' }, h('h1', null, surface.payload.title.text), inside,
          h('footer', null, ['close', 'submit'].filter((key) => surface.payload[key]).map((key) => h('b', { key }, surface.payload[key].text))))
      : inside
  try {
    return renderToStaticMarkup(h('div', { className: `surface ${surface.kind}`, id: surface.name }, framed))
  } catch (error) {
    return `<div class="surface" id="${surface.name}" data-failed="${String(error).replaceAll('"', "'")}">not drawn</div>`
  }
}

// Runs in the page: what is too wide, what is cut, and the tallest cell in lines, for each surface.
function measured() {
  return [...document.querySelectorAll('.surface')].map((surface) => {
    const lines = (cell) => {
      const range = document.createRange()
      range.selectNodeContents(cell)
      const tops = [...range.getClientRects()].filter((r) => r.width > 0).map((r) => Math.round(r.bottom / 8))
      return new Set(tops).size
    }
    const cut = [], wide = []
    for (const element of surface.querySelectorAll('*')) {
      const style = getComputedStyle(element), said = element.textContent.trim()
      if (!said || !element.getClientRects().length) continue
      const isLeaf = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim())
      const clips = (way) => ['hidden', 'clip'].includes(way)
      if (isLeaf && clips(style.overflowX) && element.scrollWidth > element.clientWidth + 2) cut.push(said.slice(0, 60))
      else if (isLeaf && clips(style.overflowY) && element.scrollHeight > element.clientHeight + 2) cut.push(said.slice(0, 60))
      if (element.getBoundingClientRect().right > innerWidth + 1) wide.push(`${element.tagName}: ${said.slice(0, 60)}`)
    }
    const cells = [...surface.querySelectorAll('td, th')]
    const box = surface.getBoundingClientRect()
    return {
      name: surface.id, failed: surface.dataset.failed ?? null, cut, wide: wide.slice(-1), height: Math.round(box.height),
      tallestCell: Math.max(0, ...cells.map(lines)), cells: cells.filter((c) => lines(c) > 3).map((c) => c.textContent.slice(0, 80)),
    }
  })
}

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--hide-scrollbars'],
})
const result = surfaces.map(({ name, payload }) => ({ name, unknown: unknownTypes(payload.blocks) }))
const measures = []
try {
  for (const width of WIDTHS) for (const theme of THEMES) {
    const page = await browser.newPage({ viewport: { width, height: 900 }, offline: true })
    const body = surfaces.map((surface) => drawn(surface, theme)).join('\n')
    await page.setContent(`<!doctype html><html data-theme="${theme}"><meta charset="utf8"><style>${STYLE}${PAGE}</style><body class="${theme}">${body}</body></html>`)
    const found = await page.evaluate(measured)
    measures.push(...found.map((one) => ({ width, theme, ...one })))
    // One at a time: a picture out of a page that holds all of them takes seconds.
    await page.addStyleTag({ content: '.surface { display: none } .surface.shown { display: block }' })
    for (const { name, height } of options.includes('--no-pictures') ? [] : found) {
      await page.setViewportSize({ width, height: Math.min(Math.max(height, 1), 12000) })
      await page.evaluate((id) => { document.querySelector('.shown')?.classList.remove('shown'); document.getElementById(id).classList.add('shown') }, name)
      await page.screenshot({ path: `${folder}/${name}-${width}-${theme}.png`, animations: 'allow' })
    }
    await page.close()
  }
} finally {
  await browser.close()
}
writeFileSync(`${folder}/measured.json`, JSON.stringify({ unknown: result.filter((one) => one.unknown.length), measures }, null, 1))
