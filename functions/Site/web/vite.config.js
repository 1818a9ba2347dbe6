import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { defineConfig } from "vite";

/** Writes a .br and a .gz file beside each file that compression makes smaller. The function serves them unchanged. */
const precompress = () => {
  let out;
  return {
    name: "precompress",
    apply: "build",
    configResolved: (config) => { out = join(config.root, config.build.outDir); },
    closeBundle: () => {
      // The licences of the chart library and the font must be distributed with them.
      const licences = ["uplot", "@fontsource-variable/source-sans-3"]
        .map((name) => `${name}\n\n${readFileSync(new URL(`node_modules/${name}/LICENSE`, import.meta.url), "utf8")}`);
      writeFileSync(join(out, "assets", "licenses.txt"), licences.join("\n\n"));
      for (const entry of readdirSync(out, { recursive: true, withFileTypes: true })) {
        if (!entry.isFile() || /\.(br|gz|woff2)$/.test(entry.name)) continue;
        const file = join(entry.parentPath, entry.name);
        const bytes = readFileSync(file);
        for (const [ending, packed] of [[".br", brotliCompressSync(bytes)], [".gz", gzipSync(bytes, { level: 9 })]]) {
          if (packed.length < bytes.length) writeFileSync(file + ending, packed);
        }
      }
    },
  };
};

export default defineConfig({
  // Relative addresses, so that the page works at any stage, prefix or domain.
  base: "./",
  build: {
    target: "es2022",
    modulePreload: false,
    // The page's security policy allows no data: addresses.
    assetsInlineLimit: 0,
    reportCompressedSize: false,
  },
  plugins: [precompress()],
});
