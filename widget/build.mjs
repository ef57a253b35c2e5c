// Builds bot/static/widget.js, the one file that commune pages load. Usage: node build.mjs [OUTPUT]
import { readFile } from "node:fs/promises";
import { build, transform } from "esbuild";

// Cheap phones keep old browsers: the last Chrome for Android 5 is 95, the last Safari for the iPhone 7 is 15.
const TARGET = ["chrome80", "firefox78", "safari14.1"];

const minifiedCss = {
  name: "minified-css",
  setup({ onLoad }) {
    onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const { code } = await transform(await readFile(path, "utf8"), { loader: "css", minify: true, target: TARGET });
      return { contents: code.trim(), loader: "text" };
    });
  },
};

await build({
  entryPoints: [new URL("src/main.ts", import.meta.url).pathname],
  outfile: process.argv[2] ?? new URL("../bot/static/widget.js", import.meta.url).pathname,
  bundle: true,
  minify: true,
  format: "iife",
  charset: "utf8",
  target: TARGET,
  plugins: [minifiedCss],
  banner: { js: "/* motcua widget, built from widget/ by `make widget`. Apache-2.0 */" },
  logLevel: "warning",
});
