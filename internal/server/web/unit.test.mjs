// Tests of what the editor does to texts: it may change the words it is asked to change, and the layout of SQL, and
// nothing else.
import assert from 'node:assert/strict';
import { build } from 'esbuild';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));
async function load(file) {
  const { outputFiles } = await build({ absWorkingDir: here, entryPoints: [`src/${file}`], bundle: true, format: 'esm', write: false });
  return import('data:text/javascript;base64,' + Buffer.from(outputFiles[0].contents).toString('base64'));
}
const { cellsOf, withWord } = await load('fence.ts');
const { sameMeaning, tokens } = await load('tokens.ts');
const { format } = await load('format.ts');

test('cells are found where the service finds them', () => {
  const text = '---\nid: a\n---\n```sql name=one chart=bar title="一 二 | a b"\nSELECT 1\n```\n~~~text\n```sql\n~~~\n````sql\n```\n````\n';
  assert.deepEqual(cellsOf(text).map((c) => [c.name, c.fence, c.end]), [['one', 4, 6], ['cell_2', 10, 12]]);
  assert.equal(cellsOf(text)[0].words.get('title'), '一 二 | a b');
});

test('a setting changes its word and nothing else of the line', () => {
  const line = '```sql  name=late   chart=bar x=department title="逾期 | late"  y=n';
  assert.equal(withWord(line, 'chart', 'line'), '```sql  name=late   chart=line x=department title="逾期 | late"  y=n');
  assert.equal(withWord(line, 'title', '两 字'), '```sql  name=late   chart=bar x=department title="两 字"  y=n');
  assert.equal(withWord(line, 'x', ''), '```sql  name=late   chart=bar title="逾期 | late"  y=n');
  assert.equal(withWord(line, 'unit', '次 | times'), line + ' unit="次 | times"');
  assert.equal(withWord(line, 'series', ''), line);
  assert.equal(withWord('```sql', 'title', 'a"`b'), '```sql title=ab', 'what would end the word or the fence is left out');
});

test('tokens tell apart what the engine tells apart', () => {
  for (const [a, b, same] of [
    ['SELECT a', 'SELECT\n  a', true], ["SELECT 'a b'", "SELECT 'a  b'", false], ['SELECT "A"', 'SELECT A', false], ['select a', 'SELECT a', false],
    ['a <= b', 'a < = b', false], ['a<-1', 'a < -1', true], ['a - -1', 'a --1', false], ['1.5', '1 .5', false], ['1e-5', '1e - 5', false],
    ['a -- x\nb', 'a b -- x', false], ['a -- x \n', 'a -- x\n', true], ['/* a  b */ c', '/* a b */ c', false], ['a::int', 'a :: int', true], ["$$a  b$$", '$$a b$$', false], ['j->>1', 'j - >> 1', false],
  ]) assert.equal(sameMeaning(a, b), same, `${a} | ${b}`);
  assert.equal(tokens("SELECT 'open"), undefined);
});

test('every query that ships is laid out without a change of meaning, and stays so', () => {
  const root = path.join(here, '..', '..', '..', 'queries');
  let n = 0, refused = [];
  for (const folder of ['notebooks', 'indicators']) for (const name of readdirSync(path.join(root, folder), { recursive: true })) {
    if (!name.endsWith('.md')) continue;
    const lines = readFileSync(path.join(root, folder, name), 'utf8').split('\n');
    for (const cell of cellsOf(lines.join('\n'))) {
      const sql = lines.slice(cell.fence, cell.end - 1).join('\n');
      n++;
      try {
        const out = format(sql);
        assert.ok(sameMeaning(sql, out));
        assert.equal(format(out), out, name);
      } catch (error) {
        if (error.code === 'ERR_ASSERTION') throw error;
        refused.push(`${name} ${cell.name}: ${error.message}`);
      }
    }
  }
  assert.ok(n > 100, `${n} queries`);
  assert.ok(refused.length <= n / 20, refused.join('\n'));
});

test('what cannot be laid out without doubt is refused', () => {
  assert.throws(() => format("SELECT 'open"));
});
