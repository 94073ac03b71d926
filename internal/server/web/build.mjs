// Bundles the front end into internal/server/assets. With --check it writes nothing and fails where the committed
// files are not what the sources and the lock file give.
import { build } from 'esbuild';
import { readFile, writeFile, readdir, rm } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import path from 'node:path';

const here = path.dirname(fileURLToPath(import.meta.url));
const target = path.join(here, '..', 'assets');
const check = process.argv.includes('--check');

const result = await build({
  absWorkingDir: here,
  entryPoints: ['src/app.ts', 'src/chart.ts', 'src/notebook.ts', 'src/format.ts', 'src/app.css', 'src/icon.svg'],
  outdir: target,
  bundle: true,
  minify: true,
  format: 'esm',
  target: ['es2022'],
  charset: 'utf8',
  legalComments: 'none',
  loader: { '.svg': 'copy' },
  entryNames: '[name]',
  write: false,
  metafile: true,
  splitting: false,
});

const made = new Map(result.outputFiles.map((f) => [path.basename(f.path), Buffer.from(f.contents)]));
made.set('LICENSES.txt', await licences());
made.set('SOURCES', Buffer.from(await sources()));

const problems = [];
for (const [name, content] of made) {
  const file = path.join(target, name);
  if (check) {
    const old = await readFile(file).catch(() => Buffer.alloc(0));
    if (!old.equals(content)) problems.push(`${name} is not what the sources give; run make web and commit it`);
  } else {
    await writeFile(file, content);
  }
}
for (const name of await readdir(target)) {
  if (made.has(name)) continue;
  if (check) problems.push(`${name} is not made from the sources; remove it`);
  else await rm(path.join(target, name));
}
const lock = await readFile(path.join(here, 'package-lock.json'), 'utf8');
if (/https?:\/\/(?!opencollective|github\.com\/sponsors|(www\.)?(patreon|tidelift)|paypal)/.test(lock.replace(/"url": "[^"]*"/g, ''))) {
  problems.push('package-lock.json names a download address');
}
if (problems.length > 0) {
  console.error(problems.join('\n'));
  process.exit(1);
}
console.log(check ? 'the front end is built from its sources' : [...made].map(([n, c]) => `${n} ${c.length}`).join('\n'));

// sources is the hash of everything that the build reads, for a check without npm.
async function sources() {
  const sum = createHash('sha256');
  const names = ['package.json', 'package-lock.json', 'tsconfig.json', 'build.mjs', ...(await readdir(path.join(here, 'src'))).sort().map((n) => `src/${n}`)];
  for (const name of names) {
    const content = await readFile(path.join(here, name));
    sum.update(`${name}\n${content.length}\n`).update(content);
  }
  return sum.digest('hex') + '\n';
}

// licences gathers the licence of each package that is bundled.
async function licences() {
  const lock = JSON.parse(await readFile(path.join(here, 'package-lock.json'), 'utf8'));
  let text = '';
  const bundled = Object.keys(result.metafile.inputs);
  for (const [where, info] of Object.entries(lock.packages)) {
    if (!where || !bundled.some((file) => file.startsWith(where + '/'))) continue;
    const folder = path.join(here, where);
    const file = (await readdir(folder)).find((n) => /^licen[cs]e/i.test(n));
    text += `${where.replace(/^.*node_modules\//, '')} ${info.version} (${info.license})\n\n${file ? await readFile(path.join(folder, file), 'utf8') : ''}\n\n`;
  }
  return Buffer.from(text);
}
