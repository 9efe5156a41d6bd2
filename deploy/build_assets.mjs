// Bundles the front end: every file at the top of static/js/ and static/css/ is an entry of its own, written with all it
// imports to static/dist/ under the same name. `--dev` keeps it readable and adds source maps; `--watch` stays and
// rebuilds. Nothing in static/dist/ is committed.
import { mkdir, readdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { context } from "esbuild";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const out = join(root, "static", "dist");
const dev = process.argv.includes("--dev");
const watch = process.argv.includes("--watch");

async function entries(folder, ending) {
  const found = await readdir(join(root, "static", folder), { withFileTypes: true });
  return found.filter((file) => file.isFile() && file.name.endsWith(ending)).map((file) => join(root, "static", folder, file.name));
}

const entryPoints = [...(await entries("js", ".js")), ...(await entries("css", ".css"))];
if (entryPoints.length === 0) {
  console.error("build_assets: there is no file in static/js or static/css to build");
  process.exit(1);
}

// Built beside the final folder and moved there whole, so that a page never meets half a build.
const fresh = watch ? out : `${out}.${process.pid}`;
await mkdir(fresh, { recursive: true });
const build = await context({
  entryPoints,
  outdir: fresh,
  entryNames: "[name]",
  assetNames: "media/[name]-[hash]",
  absWorkingDir: root,
  bundle: true,
  format: "iife",
  target: ["es2022"],
  minify: !dev,
  sourcemap: dev,
  legalComments: "none",
  loader: { ".svg": "dataurl", ".png": "file", ".woff": "file", ".woff2": "file", ".ttf": "file" },
  logLevel: "warning",
});
if (watch) {
  await build.watch();
} else {
  try {
    await build.rebuild();
  } catch {
    await rm(fresh, { recursive: true, force: true });
    process.exit(1); // esbuild has already said where and why
  }
  await build.dispose();
  await rm(out, { recursive: true, force: true });
  await rename(fresh, out);
}
