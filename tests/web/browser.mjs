// A browser on the demo's page: `node browser.mjs URL WIDTH MATRIX FLOW...`. Does what a person would do, and says as JSON
// what it saw: faults that axe finds, what the browser's console says, requests to anywhere else, what is wider than the page.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const [url, width, matrix, ...wanted] = process.argv.slice(2);
const require = createRequire(new URL("../../bot/web/page/package.json", import.meta.url));
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const FLAGS = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync",
];
const isPhone = Number(width) < 500;
const seen = { faults: [], console: [], elsewhere: [], wide: [] };

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: FLAGS });
let page;
let flow;

async function visit(colorScheme) {
  const viewport = { width: Number(width), height: 820 };
  const context = await browser.newContext({ viewport, colorScheme, reducedMotion: "reduce" });
  page = await context.newPage();
  page.setDefaultTimeout(20_000);
  page.on("console", (message) => ["error", "warning"].includes(message.type()) && seen.console.push(message.text()));
  page.on("pageerror", (error) => seen.console.push(error.message));
  page.on("request", (request) => {
    const to = new URL(request.url());
    if (to.protocol !== "blob:" && to.origin !== new URL(url).origin) seen.elsewhere.push(request.url());
  });
  await page.goto(url);
  await box().waitFor();
}

const box = () => page.locator("main textarea");

/** What axe finds that is serious, and what reaches beyond the page's edge. */
async function look(where) {
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axe);
  const found = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
  for (const each of found.violations) {
    if (["serious", "critical"].includes(each.impact)) {
      seen.faults.push(`${flow}, ${where}: ${each.id}: ${each.nodes.map((node) => node.target.join(" ")).slice(0, 3).join(", ")}`);
    }
  }
  const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  if (over > 0) seen.wide.push(`${flow}, ${where}: ${over} px`);
}

async function become(name) {
  await page.locator(".who").click();
  await page.getByRole("menuitemradio", { name }).click();
  await page.locator(".who", { hasText: name }).waitFor();
}

async function go(place) {
  if (isPhone) await page.getByRole("button", { name: "Conversations" }).click();
  await page.locator(".side").getByRole("button", { name: place }).click();
}

/** Type `text` and send it; the newest message once it says `expected`. */
async function say(text, expected) {
  await box().fill(text);
  await page.getByRole("main").getByRole("button", { name: "Send" }).click();
  return expected ? says(expected) : undefined;
}

async function says(expected) {
  const message = page.locator("main article", { hasText: expected }).last();
  await message.waitFor();
  return message;
}

async function use(message, label) {
  const button = message.getByRole("button", { name: label, exact: true });
  if (await button.count()) return button.first().click();
  await message.getByRole("button", { name: "More actions", exact: true }).first().click();
  return page.getByRole("menuitem", { name: label }).click();
}

async function choose(dialog, label, typed) {
  await dialog.getByRole("combobox", { name: label, exact: true }).fill(typed);
  await dialog.getByRole("option", { name: typed }).first().click();
}

const flows = {
  /** A technician asks, is asked back, chooses, shares, and asks about a colleague's message in its thread. */
  async ask() {
    await look("empty");
    await say("/scope who patches the firewall?");
    await box().fill("written while the answer is on its way");
    const answer = await says("Firewall firmware");
    if (!(await box().inputValue())) throw new Error("what was written meanwhile is lost");
    await look("answer");
    await use(answer, "Share with channel");
    await page.locator("main article:not(.only)", { hasText: "Firewall" }).waitFor();
    await go("engagement");
    const which = await say("is the server ours at calder?", "Server backups");
    await which.getByRole("button", { name: "Server backups" }).first().click();
    await says("SOW-A");
    await look("chosen");
    await become("Priya Nair");
    await go("helpdesk");
    const said = await say("Calder's firewall is due for an update", "due for an update");
    await said.hover();
    await said.getByRole("button", { name: "More actions for this message" }).click();
    await page.getByRole("menuitem", { name: "Check responsibility" }).click();
    const form = page.getByRole("dialog");
    await look("form");
    await choose(form, "Client", "Calder Ridge");
    await form.getByRole("button", { name: "Ask" }).click();
    await page.getByRole("button", { name: "1 reply" }).click();
    await page.locator(".thread article", { hasText: "Calder Ridge" }).first().waitFor();
    await look("thread");
  },

  /** What nobody wrote down is asked of a manager, who settles it in a form; the technician is told. */
  async settle() {
    const answer = await say("/scope who waters the office plants?", "Not documented");
    await look("answer");
    await use(answer, "Ask a manager");
    const note = page.getByRole("dialog");
    await note.getByRole("button", { name: "Ask", exact: true }).click();
    await note.waitFor({ state: "detached" });
    await become("Dana Ortiz");
    await go("engagement");
    const asked = await says("office plants");
    await look("asked");
    await use(asked, "Settle");
    const form = page.getByRole("dialog");
    await form.getByRole("button", { name: "Save" }).click();
    await form.getByRole("alert").waitFor();
    await look("refused");
    await choose(form, "Whose it is", "client");
    await choose(form, "Agreement", "SOW-A");
    await form.getByLabel("What it is about").first().fill("Office plants");
    await form.getByRole("button", { name: "Save" }).click();
    await form.waitFor({ state: "detached" });
    await become("Sam Lee");
    await says("Office plants");
    await look("told");
  },

  /** A manager imports a spreadsheet, looks at what it would do, and exports everything. */
  async import() {
    await become("Dana Ortiz");
    await say("/engagement matrix import");
    const form = page.getByRole("dialog");
    await choose(form, "Agreement", "SOW-A");
    await form.locator("input[type=file]").setInputFiles(matrix);
    await form.locator(".chip").waitFor();
    await look("form");
    await form.getByRole("button", { name: "Import" }).click();
    await says("SOW-A");
    await look("read");
    await say("/engagement matrix export calder", "rows of Calder Ridge");
    await go("engagement");
    const file = page.locator("main .file").last();
    const [download] = await Promise.all([page.waitForEvent("download"), file.click()]);
    seen.download = download.suggestedFilename();
    await look("file");
  },

  /** A day passes, a reminder arrives, and a manager decides about the renewal with its button. */
  async renewal() {
    await become("Dana Ortiz");
    await go("Home tab");
    await page.locator(".home button").first().waitFor();
    await look("home");
    await page.getByRole("button", { name: "Let time pass" }).click();
    await page.getByRole("menuitem", { name: "A day passes" }).click();
    await page.getByText("arrived meanwhile").waitFor();
    await go("engagement");
    const reminder = await says("last day to give notice");
    await look("reminder");
    await use(reminder, "Decide");
    const form = page.getByRole("dialog");
    await choose(form, "What we do", "renew");
    await form.getByLabel("Why").first().fill("They are content, and the price stands");
    await look("form");
    await form.getByRole("button", { name: "Save" }).click();
    await form.waitFor({ state: "detached" });
    await says("content, and the price stands");
    await look("decided");
  },

  /** A guest gets a refusal and no name of a client; somebody of another company sees one channel. */
  async guest() {
    await become("Gus Marsh");
    await say("/scope who patches the firewall?", "does not answer guest accounts");
    await become("Rita Voss");
    seen.channels = await page.locator(".side li").allInnerTexts();
    await say("/engagement client list", "own company only");
    seen.text = await page.locator("main .messages").innerText();
    await look("refused");
  },

  /** What each role may do: a technician neither imports nor decides; a manager does, from the home tab; a guest nothing. */
  async roles() {
    await say("/engagement matrix import calder SOW-A", "for the role manager");
    await say("/engagement renewal decide calder MSA-2024 renew reason:x", "for the role manager");
    await look("technician");
    await go("Home tab");
    await page.locator(".home button", { hasText: "Ask a question" }).waitFor();
    seen.technician = await page.locator(".home").innerText();
    await look("home of a technician");
    await become("Priya Nair");
    await go("Home tab");
    await page.getByRole("heading", { name: /^Today/ }).waitFor();
    seen.manager = await page.locator(".home").innerText();
    await look("home of a manager");
    await page.locator(".home").getByRole("button", { name: "Show list" }).first().click();
    const list = page.getByRole("dialog");
    await list.getByText("covered by a signed agreement in force").waitFor();
    await look("list");
    await page.keyboard.press("Escape");
    await list.waitFor({ state: "detached" });
    await go("calder-ridge");
    await use(await say("/engagement renewal decide calder MSA-2024", "decision is missing"), "Fill in a form");
    const form = page.getByRole("dialog");
    await choose(form, "What we do", "renew");
    await form.getByLabel("Why").first().fill("They are content, and the price stands");
    await form.getByRole("button", { name: "Save" }).click();
    await form.waitFor({ state: "detached" });
    await says("content, and the price stands");
    await look("decided by a manager");
    await say("/engagement matrix import");
    const importing = page.getByRole("dialog");
    await choose(importing, "Agreement", "SOW-A");
    await importing.locator("input[type=file]").setInputFiles(matrix);
    await importing.locator(".chip").waitFor();
    await importing.getByRole("button", { name: "Import" }).click();
    await says("SOW-A");
    await look("imported by a manager");
    await say("/engagement matrix coverage calder", "rows in force");
    await go("engagement");
    await page.locator("main .file, main img").last().waitFor();
    await look("picture");
    await go("calder-ridge");
    await become("Gus Marsh");
    await say("/engagement matrix import", "does not answer guest accounts");
    await say("/engagement renewal decide calder MSA-2024 renew reason:x", "does not answer guest accounts");
    await look("guest");
  },

  /** The picture of the README: a technician's two questions. */
  async picture() {
    await say("/scope who patches the firewall?", "Firewall");
    await say("/scope is multi-factor authentication ours?", "Shared");
    await page.evaluate(() => document.activeElement?.blur());
    await page.screenshot({ path: `${process.env.PICTURES}/demo-page.png` });
  },

  /** Every element that a message may have, and a form whose fields are of many kinds. */
  async elements() {
    await become("Dana Ortiz");
    const message = await says("Every element");
    await look("message");
    await use(message, "Later");
    await message.getByRole("combobox", { name: "A colour" }).click();
    await message.getByRole("option", { name: "Green" }).click();
    await message.getByRole("checkbox", { name: "Mail" }).check();
    await message.getByRole("radio", { name: "Weekly" }).check();
    await message.getByLabel("A day").fill("2026-09-01");
    await message.getByRole("button", { name: "Remove" }).click();
    await look("confirm");
    await page.getByRole("dialog").getByRole("button", { name: "Yes, remove it" }).click();
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await say("/engagement client add");
    const form = page.getByRole("dialog");
    await form.getByLabel("Name").first().fill("Acme Rockets");
    await choose(form, "Owner", "Priya Nair");
    await choose(form, "Time zone", "America/Chicago");
    await form.getByLabel("Other names").first().fill("acme\nrockets");
    await form.getByRole("button", { name: "Save" }).click();
    await form.waitFor({ state: "detached" });
    seen.saved = await (await says("Acme Rockets")).innerText();
    await look("saved");
  },

  /** All of it with the keyboard alone: complete a command, fill in its form, be refused, correct it. */
  async keyboard() {
    const key = async (...keys) => {
      for (const each of keys) await page.keyboard.press(each);
    };
    const focused = () => page.evaluate(() => document.activeElement?.getAttribute("aria-label") ?? document.activeElement?.innerText ?? "");
    const until = async (wanted) => {
      for (let count = 0; count < 60; count += 1) {
        await key("Tab");
        if ((await focused()).includes(wanted)) return;
      }
      throw new Error(`Tab never came to ${wanted}`);
    };
    await until("be somebody else");
    await key("Enter", "Home");
    await page.getByRole("menuitemradio", { name: "Dana Ortiz" }).and(page.locator(":focus")).waitFor();
    await key("Enter");
    await page.locator(".who", { hasText: "Dana Ortiz" }).waitFor();
    await until("Message #calder-ridge");
    await page.keyboard.type("/engagement client a");
    await page.getByRole("option", { name: "/engagement client add" }).waitFor();
    await key("Tab", "Enter");
    const form = page.getByRole("dialog");
    await form.waitFor();
    await page.keyboard.type("Calder");
    await key("Enter");
    await form.getByRole("alert").waitFor();
    seen.error = await form.getByRole("alert").innerText();
    await key("Control+a");
    await page.keyboard.type("Acme Rockets");
    await key("Enter");
    await form.waitFor({ state: "detached" });
    await says("Acme Rockets is recorded");
    seen.focus = await focused();
    await key("Escape");
    await look("saved");
  },
};

for (flow of wanted) {
  try {
    await visit(flow === "settle" || flow === "guest" ? "dark" : "light");
    await flows[flow]();
  } catch (error) {
    seen.failed = `${flow}: ${String(error.message ?? error).slice(0, 1500)}`;
    seen.shown = await page.locator("body").innerText().catch(() => "");
    if (process.env.PICTURES) await page.screenshot({ path: `${process.env.PICTURES}/${flow}-${width}.png` });
    break;
  }
  await page.context().close();
}
await browser.close();
console.log(JSON.stringify(seen));
