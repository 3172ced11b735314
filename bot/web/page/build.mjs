// Builds the page into ../built (or the folder given): one script, one style sheet, the licences of what is in them, and
// a list of hashes. The same sources give the same bytes.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const target = process.argv[2] ?? join(here, "..", "built");
const sha = (content) => createHash("sha256").update(content).digest("hex");

// The renderer gives every message the same id. On a page with many of them that is wrong: a class does as well.
const renderer = {
  name: "renderer-without-ids",
  setup(context) {
    context.onLoad({ filter: /slack-blocks-to-jsx[\\/]dist[\\/](index\.mjs|style\.css)$/ }, ({ path }) => {
      const isStyle = path.endsWith(".css");
      const text = readFileSync(path, "utf8");
      const contents = isStyle
        ? text.replaceAll("#slack_blocks_to_jsx", ".slack_blocks_to_jsx:not(#none)")
        : text.replaceAll('id:"slack_blocks_to_jsx",', "");
      return { contents, loader: isStyle ? "css" : "js" };
    });
  },
};

const result = await build({
  absWorkingDir: here,
  entryPoints: { page: "src/main.tsx" },
  outdir: target,
  bundle: true,
  minify: true,
  charset: "utf8",
  format: "esm",
  target: "es2022",
  jsx: "automatic",
  define: { "process.env.NODE_ENV": '"production"' },
  legalComments: "none",
  metafile: true,
  write: false,
  plugins: [renderer],
});

function licences(metafile) {
  const packages = new Map();
  for (const input of Object.keys(metafile.inputs)) {
    const found = /^(.*node_modules\/((?:@[^/]+\/)?[^/]+))\//.exec(input);
    if (found) packages.set(found[2], join(here, found[1]));
  }
  const parts = [...packages].sort(([one], [other]) => (one < other ? -1 : 1)).map(([name, folder]) => {
    const about = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    const file = readdirSync(folder).find((each) => /^licen[sc]e/i.test(each));
    const text = file ? readFileSync(join(folder, file), "utf8").trim() : "(its package holds no licence text)";
    return `${name} ${about.version}: ${about.license}\n\n${text}\n`;
  });
  return `What page.js and page.css are built from, beside the sources in bot/web/page.\n\n${parts.join(`\n${"-".repeat(72)}\n\n`)}`;
}

function sources() {
  const names = ["build.mjs", "package.json", "package-lock.json", "tsconfig.json"];
  for (const each of readdirSync(join(here, "src"))) names.push(`src/${each}`);
  return sha(names.sort().map((name) => `${name} ${sha(readFileSync(join(here, name)))}\n`).join(""));
}

const files = {
  "index.html": readFileSync(join(here, "src", "index.html")),
  "icon.svg": readFileSync(join(here, "src", "icon.svg")),
  "LICENSES.txt": licences(result.metafile),
};
for (const made of result.outputFiles) files[made.path.split(/[\\/]/).pop()] = made.contents;
mkdirSync(target, { recursive: true });
for (const [name, content] of Object.entries(files)) writeFileSync(join(target, name), content);
const hashes = Object.fromEntries(Object.keys(files).sort().map((name) => [name, sha(files[name])]));
writeFileSync(join(target, "bundle.json"), `${JSON.stringify({ sources: sources(), files: hashes }, null, 2)}\n`);
