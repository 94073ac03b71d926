// The fence line of a cell, ```sql name=late chart=bar: read as the service reads it, and changed word by word, so that
// everything else of the line and of the file stays as it is.

/** Cell is where a cell stands in the text; lines count from 1. */
export interface Cell { name: string; fence: number; end: number; words: Map<string, string> }

/** cellsOf finds the SQL cells of a text; what stands in other fences is none. */
export function cellsOf(text: string): Cell[] {
  const cells: Cell[] = [];
  let open: { mark: string; cell?: Cell } | undefined;
  text.split('\n').forEach((raw, i) => {
    const fence = /^ {0,3}(`{3,}|~{3,})(.*)$/.exec(raw.replace(/\r$/, ''));
    if (!fence) return;
    const mark = fence[1]!, info = fence[2]!.trim();
    if (open) {
      if (mark[0] !== open.mark[0] || mark.length < open.mark.length || info) return;
      if (open.cell) open.cell.end = i + 1;
      open = undefined;
      return;
    }
    open = { mark };
    const words = wordsOf(info);
    if (words[0]?.text !== 'sql') return;
    const pairs = new Map(words.slice(1).filter((w) => w.text.includes('=')).map((w) => [w.text.slice(0, w.text.indexOf('=')), w.text.slice(w.text.indexOf('=') + 1)]));
    open.cell = { name: pairs.get('name') ?? `cell_${cells.length + 1}`, fence: i + 1, end: i + 1, words: pairs };
    cells.push(open.cell);
  });
  return cells;
}

interface Word { text: string; from: number; to: number }

// wordsOf splits at spaces; double quotes hold words together and are not part of them.
function wordsOf(info: string, offset = 0): Word[] {
  const words: Word[] = [];
  let text = '', from = -1, quoted = false;
  for (let i = 0; i <= info.length; i++) {
    const c = info[i];
    if (c === undefined || ((c === ' ' || c === '\t') && !quoted)) {
      if (from >= 0) words.push({ text, from: offset + from, to: offset + i });
      text = '';
      from = -1;
    } else {
      if (from < 0) from = i;
      if (c === '"') quoted = !quoted;
      else text += c;
    }
  }
  return words;
}

/** withWord gives the fence line with one key set, or taken away where the value is empty. */
export function withWord(line: string, key: string, value: string): string {
  const start = /^ {0,3}(`{3,}|~{3,})/.exec(line)![0].length;
  const words = wordsOf(line.slice(start), start);
  const old = words.slice(1).find((w) => w.text.startsWith(key + '='));
  // A quotation mark cannot be written inside of a word.
  const clean = value.replace(/["`\r\n]/g, '');
  const word = clean === '' ? '' : `${key}=${/[\s]/.test(clean) ? `"${clean}"` : clean}`;
  if (old) {
    if (word) return line.slice(0, old.from) + word + line.slice(old.to);
    return line.slice(0, old.from).replace(/[ \t]+$/, '') + line.slice(old.to);
  }
  return word ? line.replace(/[ \t]*$/, '') + ' ' + word : line;
}
