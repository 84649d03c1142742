// Writes ../static/plot.LICENCES.txt for everything esbuild put into the bundle (meta.json).
const fs = require("fs");
const inputs = Object.keys(require("./meta.json").inputs);
const packages = [...new Set(inputs.map((path) => path.match(/node_modules\/(@[^/]+\/[^/]+|[^/]+)/)?.[1]).filter(Boolean))];
const byText = new Map();
for (const name of packages.sort()) {
  const folder = `node_modules/${name}`;
  const { version, license } = require(`./${folder}/package.json`);
  const file = fs.readdirSync(folder).find((entry) => /licen/i.test(entry));
  const text = file ? fs.readFileSync(`${folder}/${file}`, "utf8").trim() : license;
  byText.set(text, [...(byText.get(text) ?? []), `${name} ${version} (${license})`]);
}
let out = "plot.min.js is a bundle of these packages, unchanged but minified (`make charts`):\n";
for (const [text, names] of byText) out += `\n${"=".repeat(72)}\n${names.join("\n")}\n\n${text}\n`;
fs.writeFileSync("../static/plot.LICENCES.txt", out);
