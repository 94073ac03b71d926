// The editor of notebooks: the exact text of the file, with completion from the published schema, problems at their
// place, answers beside it, chart settings that write the fence line, and drafts that save themselves.
import { autocompletion, completionKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { markdown } from '@codemirror/lang-markdown';
import { PostgreSQL, sql } from '@codemirror/lang-sql';
import { bracketMatching, defaultHighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { lintGutter, setDiagnostics, type Diagnostic } from '@codemirror/lint';
import { highlightSelectionMatches, searchKeymap } from '@codemirror/search';
import { EditorState } from '@codemirror/state';
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from '@codemirror/view';
import { Answers, type Answer, type Outline } from './answers';
import { ChartPanel } from './chartpanel';
import { cellsOf, withWord, type Cell } from './fence';
import { Params, type Field } from './params';
import { element, say, zh } from './say';
import { Words } from './words';

interface Problem { line?: number; column?: number; what: string; cure?: string }
interface Checked { problems: Problem[]; cells?: Outline[]; params?: Field[] }

class Refused extends Error {
  constructor(readonly code: string, message: string) { super(message); }
}

const desk = document.getElementById('desk');
const area = document.getElementById('text') as HTMLTextAreaElement | null;
if (desk && area) start(desk, area);

function start(desk: HTMLElement, area: HTMLTextAreaElement): void {
  const { id, csrf, base, nonce } = desk.dataset as Record<string, string>;
  const $ = <E extends HTMLElement>(name: string): E => document.getElementById(name) as E;
  let version = Number(desk.dataset.version);
  const state = $('state'), problems = $('problems'), conflict = $('conflict');
  const cancel = $<HTMLButtonElement>('cancel'), runStale = $<HTMLButtonElement>('run-stale'), close = $<HTMLSelectElement>('close');
  const words = new Words();
  // The file may have CRLF lines; the editor joins them, so the separator is put back when the text is sent.
  const separator = area.defaultValue.includes('\r\n') ? '\r\n' : '\n';
  let timer = 0, head = '', running: AbortController | undefined;
  let outline: Outline[] = [], columns = new Map<string, string[]>(), fields: Field[] = [];

  const view = new EditorView({
    parent: area.parentElement!,
    state: EditorState.create({
      doc: area.value,
      extensions: [
        EditorView.cspNonce.of(nonce!),
        lineNumbers(), history(), drawSelection(), highlightActiveLine(), bracketMatching(), highlightSelectionMatches(), lintGutter(),
        syntaxHighlighting(defaultHighlightStyle, { fallback: true }),
        markdown({ codeLanguages: (info) => (info.startsWith('sql') ? sql({ dialect: PostgreSQL }).language : null) }),
        autocompletion({ override: [words.complete] }),
        EditorView.lineWrapping,
        EditorView.contentAttributes.of({ 'aria-label': area.getAttribute('aria-label') ?? '', spellcheck: 'false' }),
        keymap.of([
          // While an input method composes a word, its keys are not shortcuts.
          { key: 'Mod-Enter', run: (v) => !v.composing && (void run(), true) },
          { key: 'Mod-Shift-Enter', run: (v) => !v.composing && (void run(stale()), true) },
          { key: 'Shift-Alt-f', run: (v) => !v.composing && (void layOut(), true) },
          { key: 'Mod-s', run: (v) => !v.composing && (void save(), true) },
          indentWithTab, ...completionKeymap, ...searchKeymap, ...historyKeymap, ...defaultKeymap,
        ]),
        EditorView.updateListener.of((u) => {
          if (u.docChanged || u.selectionSet) follow();
          if (!u.docChanged) return;
          clearTimeout(timer);
          timer = window.setTimeout(() => void save(), 1200);
        }),
      ],
    }),
  });
  area.hidden = true;
  area.before(view.dom);
  const text = (): string => view.state.doc.toString().replace(/\n/g, separator);
  const known = (): string => view.state.doc.toString();
  let saved = text();
  const answers = new Answers($('answers'), (name) => {
    const cell = cellsOf(known()).find((c) => c.name === name);
    if (cell) goTo(cell.fence);
  });
  const params = new Params($('params'), () => stale());
  const panel = new ChartPanel($('chart'), (cell, key, value) => {
    const now = cellsOf(known()).find((c) => c.name === cell.name);
    if (!now) return;
    const line = view.state.doc.line(now.fence);
    view.dispatch({ changes: { from: line.from, to: line.to, insert: withWord(line.text, key, value) } });
  });

  function goTo(line: number, column = 1): void {
    const at = view.state.doc.line(Math.min(Math.max(1, line), view.state.doc.lines));
    view.dispatch({ selection: { anchor: Math.min(at.to, at.from + column - 1) }, effects: EditorView.scrollIntoView(at.from, { y: 'center' }) });
    view.focus();
  }

  function cellHere(): Cell | undefined {
    const line = view.state.doc.lineAt(view.state.selection.main.head).number;
    return cellsOf(known()).find((c) => line >= c.fence && line <= c.end);
  }

  function follow(): void {
    const cell = cellHere();
    panel.show(cell, (cell && columns.get(cell.name)) ?? []);
  }

  const asked = (): string => JSON.stringify([close.value, params.values()]);

  // stale marks the answers that are not those of the present text and values, and lists their cells.
  function stale(): string[] {
    const list = answers.stale(outline, asked());
    runStale.hidden = answers.empty || list.length === 0;
    runStale.firstChild!.textContent = say(`运行过期单元（${list.length}）`, `Run ${list.length} stale`) + ' ';
    return list;
  }

  function learn(cells?: Outline[], newFields?: Field[]): void {
    if (cells) outline = cells;
    if (newFields) params.show((fields = newFields));
    words.names(outline.map((o) => o.name), fields);
    stale();
  }

  async function call<T>(path: string, body: object | null, signal?: AbortSignal): Promise<T> {
    const answer = await fetch(`/api/v1/notebooks/${id}/${path}`, body === null ? { headers: { Accept: 'application/json' } } : {
      method: 'POST', signal: signal ?? null, headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': csrf! }, body: JSON.stringify(body),
    });
    const value = (await answer.json()) as T & { error?: { code: string; message: { zh: string; en: string } } };
    if (value.error) throw new Refused(value.error.code, zh ? value.error.message.zh : value.error.message.en || value.error.message.zh);
    return value;
  }

  async function save(): Promise<boolean> {
    clearTimeout(timer);
    const now = text();
    if (now === saved) return true;
    try {
      const done = await call<{ version: number; cells?: Outline[] }>('draft', { text: now, base, version });
      version = done.version;
      saved = now;
      conflict.hidden = true;
      if (!running) state.textContent = say('草稿已保存', 'draft saved') + ' ' + new Date().toLocaleTimeString(document.documentElement.lang);
      learn(done.cells);
      if (head !== frontMatter()) void check(true);
      return true;
    } catch (error) {
      conflict.hidden = !(error instanceof Refused && error.code === 'conflict');
      state.textContent = (error as Error).message;
      return false;
    }
  }

  // Another window saved meanwhile: its text is taken, or goes. Both are decided by the writer.
  async function settle(take: boolean): Promise<void> {
    const other = await call<{ text: string; version: number }>('draft', null);
    version = other.version;
    conflict.hidden = true;
    if (take) {
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: other.text.replace(/\r\n/g, '\n') } });
      saved = text();
    } else {
      saved = '';
    }
    await save();
  }

  const frontMatter = (): string => known().split(/^---$/m, 2)[1] ?? '';

  function show(list: Problem[]): void {
    problems.replaceChildren(...list.map((p) => {
      const item = element('li');
      const words = `${p.what}${p.cure ? `${say('；', '; ')}${p.cure}` : ''}`;
      if (!p.line) {
        item.textContent = words;
        return item;
      }
      const go = element('button', say(`第 ${p.line} 行`, `line ${p.line}`) + (p.column ? `:${p.column}` : ''), 'link');
      go.type = 'button';
      go.addEventListener('click', () => goTo(p.line!, p.column));
      item.append(go, ' ' + words);
      return item;
    }));
    const marks: Diagnostic[] = list.filter((p) => p.line && p.line <= view.state.doc.lines).map((p) => {
      const line = view.state.doc.line(p.line!);
      const from = Math.min(line.to, line.from + Math.max(0, (p.column ?? 1) - 1));
      return { from, to: p.column ? Math.min(line.to, from + 1) : line.to, severity: 'error', message: p.what + (p.cure ? `\n${p.cure}` : '') };
    });
    view.dispatch(setDiagnostics(view.state, marks));
  }

  async function check(quiet = false): Promise<boolean> {
    if (!quiet) state.textContent = say('检查中…', 'checking…');
    head = frontMatter();
    try {
      const found = await call<Checked>('check', { text: text(), close: close.value, params: params.values() });
      learn(found.cells, found.params);
      if (!quiet || found.problems.length === 0) show(found.problems);
      if (!quiet) state.textContent = found.problems.length ? say(`${found.problems.length} 个问题`, `${found.problems.length} problems`) : say('没有问题', 'no problem');
      return found.problems.length === 0;
    } catch (error) {
      head = ''; // asked again with the next save
      if (!quiet) state.textContent = (error as Error).message;
      return false;
    }
  }

  async function run(cells: string[] = []): Promise<void> {
    running?.abort();
    const mine = (running = new AbortController());
    cancel.hidden = false;
    state.textContent = say('运行中…', 'running…');
    void save();
    const question = asked();
    try {
      const answer = await call<Answer>('run', { text: text(), close: close.value, params: params.values(), cells }, mine.signal);
      show([]);
      answers.take(answer, question);
      for (const c of answer.cells ?? []) columns.set(c.name, c.columns.map((k) => k.name));
      learn(answer.outline, answer.params);
      head = frontMatter();
      follow();
      state.textContent = `${answer.close} · ${say(`运行 ${answer.cells?.length ?? 0} 个单元`, `${answer.cells?.length ?? 0} cells`)} · ${(answer.cells ?? []).reduce((ms, c) => ms + c.ms, 0)} ms`;
    } catch (error) {
      if ((error as Error).name === 'AbortError') {
        if (running === mine) state.textContent = say('已取消', 'canceled');
      } else {
        state.textContent = say('运行失败', 'the run failed');
        show(placed((error as Error).message));
      }
    } finally {
      if (running === mine) {
        cancel.hidden = true;
        running = undefined;
      }
    }
  }

  // placed finds the lines that a message names: id.md:12:3: what.
  const placed = (message: string): Problem[] => message.split('\n').map((one) => {
    const m = /^\S+\.md:(\d+)(?::(\d+))?: (.*)$/.exec(one);
    return m ? { line: Number(m[1]), ...(m[2] ? { column: Number(m[2]) } : {}), what: m[3]! } : { what: one };
  });

  // layOut formats the SQL of the cell at the cursor, or of all cells where it is in none.
  async function layOut(): Promise<void> {
    const here = cellHere();
    const address = document.querySelector<HTMLMetaElement>('meta[data-script="format.js"]')!.content;
    const { format } = (await import(address)) as { format(sql: string): string };
    const refused: string[] = [];
    for (const cell of (here ? [here] : cellsOf(known())).reverse()) {
      if (cell.end - cell.fence < 2) continue;
      const from = view.state.doc.line(cell.fence + 1).from, to = view.state.doc.line(cell.end - 1).to;
      try {
        const out = format(view.state.sliceDoc(from, to)).trimEnd();
        if (out !== view.state.sliceDoc(from, to)) view.dispatch({ changes: { from, to, insert: out } });
      } catch {
        refused.push(cell.name);
      }
    }
    state.textContent = refused.length ? say(`未排版（无法确认含义不变）：${refused.join('、')}`, `left as it is, since the meaning might change: ${refused.join(', ')}`) : say('已排版', 'formatted');
  }

  $('run').addEventListener('click', () => void run());
  runStale.addEventListener('click', () => void run(stale()));
  $('check').addEventListener('click', () => void check());
  $('format').addEventListener('click', () => void layOut());
  $('take').addEventListener('click', () => void settle(true));
  $('keep').addEventListener('click', () => void settle(false));
  cancel.addEventListener('click', () => running?.abort());
  close.addEventListener('change', () => void check(true));
  const publish = $<HTMLFormElement>('publish');
  publish.addEventListener('submit', (e) => {
    if (text() === saved && version > 0) return;
    e.preventDefault();
    delete publish.dataset.sent;
    // Also a text that nobody touched becomes a draft, so that it can be published.
    saved = '';
    void save().then((ok) => ok && publish.submit());
  });
  addEventListener('beforeunload', (e) => {
    if (text() !== saved) e.preventDefault();
  });
  void words.load();
  void check(true);
}
