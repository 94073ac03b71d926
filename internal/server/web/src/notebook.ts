// The editor of notebooks: the exact text of the file, with completion from the published schema, problems at their
// place, answers beside it, and drafts that save themselves.
import { autocompletion, completionKeymap, type CompletionContext, type CompletionResult } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { markdown } from '@codemirror/lang-markdown';
import { PostgreSQL, sql } from '@codemirror/lang-sql';
import { bracketMatching, defaultHighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { lintGutter, setDiagnostics, type Diagnostic } from '@codemirror/lint';
import { highlightSelectionMatches, searchKeymap } from '@codemirror/search';
import { EditorState } from '@codemirror/state';
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from '@codemirror/view';

interface Problem { line?: number; column?: number; what: string; cure?: string }
interface Summary { empty: number; distinct: number; least: string; most: string }
interface Cell { name: string; title: string; columns: { name: string; type: string }[]; labels: string[]; rows: string[][]; total: number; cut: boolean; ms: number; sha256: string; summary: Summary[] }
interface Figure { id: string; title: string; alt: string; width: number; height: number; option: unknown }
interface Answer { close: string; cells: Cell[]; figures: Figure[] | null }
interface Schema { tables: { name: string; label: string; columns: { name: string; type: string; label: string }[] }[]; functions: string[] }

const zh = document.documentElement.lang.startsWith('zh');
const say = (c: string, e: string): string => (zh ? c : e);
const desk = document.getElementById('desk');
const area = document.getElementById('text') as HTMLTextAreaElement | null;
if (desk && area) start(desk, area);

function start(desk: HTMLElement, area: HTMLTextAreaElement): void {
  const { id, csrf, base, nonce } = desk.dataset as Record<string, string>;
  let version = Number(desk.dataset.version);
  const state = document.getElementById('state')!;
  const answers = document.getElementById('answers')!;
  const problems = document.getElementById('problems')!;
  const cancel = document.getElementById('cancel') as HTMLButtonElement;
  const words: { label: string; type: string; detail?: string; boost?: number }[] = [];

  const view = new EditorView({
    parent: area.parentElement!,
    state: EditorState.create({
      doc: area.value,
      extensions: [
        EditorView.cspNonce.of(nonce!),
        lineNumbers(), history(), drawSelection(), highlightActiveLine(), bracketMatching(), highlightSelectionMatches(), lintGutter(),
        syntaxHighlighting(defaultHighlightStyle, { fallback: true }),
        markdown({ codeLanguages: (info) => (info.startsWith('sql') ? sql({ dialect: PostgreSQL }).language : null) }),
        autocompletion({ override: [complete] }),
        EditorView.lineWrapping,
        EditorView.contentAttributes.of({ 'aria-label': area.getAttribute('aria-label') ?? '', spellcheck: 'false' }),
        keymap.of([
          // While an input method composes a word, its keys are not shortcuts.
          { key: 'Mod-Enter', run: (v) => !v.composing && (void run(), true) },
          { key: 'Mod-s', run: (v) => !v.composing && (void save(), true) },
          indentWithTab, ...completionKeymap, ...searchKeymap, ...historyKeymap, ...defaultKeymap,
        ]),
        EditorView.updateListener.of((u) => {
          if (!u.docChanged) return;
          markStale();
          clearTimeout(timer);
          timer = window.setTimeout(() => void save(), 1200);
        }),
      ],
    }),
  });
  area.hidden = true;
  area.before(view.dom);
  // The file may have CRLF lines; the editor joins them, so the separator is put back when the text is sent.
  const separator = area.defaultValue.includes('\r\n') ? '\r\n' : '\n';
  const text = (): string => view.state.doc.toString().replace(/\n/g, separator);
  let timer = 0;
  let saved = text();
  let running: AbortController | undefined;

  function complete(context: CompletionContext): CompletionResult | null {
    const word = context.matchBefore(/[\w$.\u4e00-\u9fff]+/);
    if (!word && !context.explicit) return null;
    const typed = word?.text.toLowerCase() ?? '';
    const options = words.filter((w) => w.label.toLowerCase().includes(typed) || w.detail?.includes(typed));
    return { from: word?.from ?? context.pos, options, filter: false };
  }

  async function call<T>(path: string, body: object, signal?: AbortSignal): Promise<T> {
    const answer = await fetch(`/api/v1/notebooks/${id}/${path}`, {
      method: 'POST', signal: signal ?? null, headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': csrf! }, body: JSON.stringify(body),
    });
    const value = (await answer.json()) as T & { error?: { code: string; message: { zh: string; en: string } } };
    if (value.error) throw new Error(zh ? value.error.message.zh : value.error.message.en || value.error.message.zh);
    return value;
  }

  async function save(): Promise<boolean> {
    clearTimeout(timer);
    const now = text();
    if (now === saved) return true;
    try {
      const done = await call<{ version: number }>('draft', { text: now, base, version });
      version = done.version;
      saved = now;
      state.textContent = say('草稿已保存', 'draft saved') + ' ' + new Date().toLocaleTimeString();
      return true;
    } catch (error) {
      state.textContent = String((error as Error).message);
      return false;
    }
  }

  function show(list: Problem[]): void {
    problems.replaceChildren(...list.map((p) => {
      const item = document.createElement('li');
      item.textContent = `${p.line ? `${p.line}${p.column ? `:${p.column}` : ''} ` : ''}${p.what}${p.cure ? `；${p.cure}` : ''}`;
      return item;
    }));
    const marks: Diagnostic[] = list.filter((p) => p.line && p.line <= view.state.doc.lines).map((p) => {
      const line = view.state.doc.line(p.line!);
      const from = Math.min(line.to, line.from + Math.max(0, (p.column ?? 1) - 1));
      return { from, to: p.column ? Math.min(line.to, from + 1) : line.to, severity: 'error', message: p.what + (p.cure ? `\n${p.cure}` : '') };
    });
    view.dispatch(setDiagnostics(view.state, marks));
  }

  async function check(): Promise<boolean> {
    state.textContent = say('检查中…', 'checking…');
    try {
      const { problems: list } = await call<{ problems: Problem[] }>('check', { text: text() });
      show(list);
      state.textContent = list.length ? say(`${list.length} 个问题`, `${list.length} problems`) : say('没有问题', 'no problem');
      return list.length === 0;
    } catch (error) {
      state.textContent = String((error as Error).message);
      return false;
    }
  }

  let known = new Map<string, string>();
  function markStale(): void {
    answers.classList.toggle('stale', answers.childElementCount > 0);
  }

  async function run(): Promise<void> {
    running?.abort();
    running = new AbortController();
    cancel.hidden = false;
    state.textContent = say('运行中…', 'running…');
    void save();
    try {
      const answer = await call<Answer>('run', { text: text() }, running.signal);
      show([]);
      render(answer);
      state.textContent = `${answer.close} · ${answer.cells.reduce((ms, c) => ms + c.ms, 0)} ms`;
    } catch (error) {
      if ((error as Error).name === 'AbortError') {
        state.textContent = say('已取消', 'canceled');
      } else {
        state.textContent = String((error as Error).message);
        void check();
      }
    } finally {
      cancel.hidden = true;
    }
  }

  function element<K extends keyof HTMLElementTagNameMap>(name: K, content = '', className = ''): HTMLElementTagNameMap[K] {
    const e = document.createElement(name);
    e.textContent = content;
    if (className) e.className = className;
    return e;
  }

  function render(answer: Answer): void {
    answers.classList.remove('stale');
    const fresh = new Map(answer.cells.map((c) => [c.name, c.sha256]));
    answers.replaceChildren();
    for (const f of answer.figures ?? []) {
      const figure = element('figure', '', 'chart');
      figure.append(element('figcaption', f.title));
      const drawing = element('div', '', 'drawing');
      Object.assign(drawing.dataset, { chart: f.id, width: String(f.width), height: String(f.height) });
      const box = element('div', '', 'live');
      box.style.height = `${f.height}px`;
      box.setAttribute('role', 'img');
      box.setAttribute('aria-label', f.alt);
      figure.append(box);
      answers.append(figure);
      void draw(box, f.option);
    }
    for (const cell of answer.cells) {
      const changed = known.has(cell.name) && known.get(cell.name) !== cell.sha256;
      const head = element('h3', `${cell.title} `);
      head.append(element('code', cell.name), ' ', element('span', `${cell.total}${cell.cut ? '+' : ''} ${say('行', 'rows')} · ${cell.ms} ms${changed ? say(' · 查询已变', ' · query changed') : ''}`, 'small'));
      const table = element('table', '', 'grid');
      const row = table.createTHead().insertRow();
      cell.columns.forEach((c, i) => {
        const th = element('th', cell.labels[i] === c.name ? c.name : `${cell.labels[i]}`);
        th.scope = 'col';
        th.title = `${c.name} ${c.type}`;
        const s = cell.summary[i]!;
        th.append(element('span', `${say('不同', 'distinct')} ${s.distinct}${s.empty ? ` · ${say('空', 'empty')} ${s.empty}` : ''}\n${s.least} … ${s.most}`, 'summary'));
        row.append(th);
      });
      const body = table.createTBody();
      for (const values of cell.rows) {
        const tr = body.insertRow();
        values.forEach((v, i) => {
          const td = tr.insertCell();
          td.textContent = v;
          if (/INT|DECIMAL|DOUBLE|FLOAT/.test(cell.columns[i]!.type)) td.className = 'n';
        });
      }
      const scroll = element('div', '', 'scroll');
      scroll.tabIndex = 0;
      scroll.setAttribute('role', 'region');
      scroll.setAttribute('aria-label', cell.title);
      scroll.append(table);
      answers.append(head, scroll);
    }
    known = fresh;
  }

  async function draw(box: HTMLElement, option: unknown): Promise<void> {
    const { library } = await import('./chart');
    await library();
    const chart = globalThis.echarts!.init(box, null, { renderer: 'svg' });
    chart.setOption(globalThis.prepareOption!(option));
    new ResizeObserver(() => box.clientWidth && chart.resize()).observe(box);
  }

  document.getElementById('run')!.addEventListener('click', () => void run());
  document.getElementById('check')!.addEventListener('click', () => void check());
  cancel.addEventListener('click', () => running?.abort());
  const publish = document.getElementById('publish') as HTMLFormElement;
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
  void fetch('/api/v1/schema').then(async (r) => {
    const schema = (await r.json()) as Schema;
    for (const t of schema.tables) {
      words.push({ label: t.name, type: 'class', detail: t.label, boost: 2 });
      for (const c of t.columns) if (!words.some((w) => w.label === c.name)) words.push({ label: c.name, type: 'property', detail: c.label });
    }
    for (const f of schema.functions) words.push({ label: f, type: 'function' });
    for (const k of ['SELECT', 'FROM', 'WHERE', 'GROUP BY', 'ORDER BY', 'LEFT JOIN', 'JOIN', 'ON', 'WITH', 'CASE', 'WHEN', 'THEN', 'ELSE', 'END', 'count', 'sum', 'coalesce', 'DISTINCT', 'LIMIT', 'HAVING', 'AND', 'OR', 'NOT', 'NULL', 'IS', 'IN', 'BETWEEN']) words.push({ label: k, type: 'keyword', boost: -1 });
  });
}
