// The answers of a run beside the text: one part a cell, with its chart, what each column holds, and its first rows.
import type { Field } from './params';
import { element, say } from './say';

export interface Summary { empty: number; distinct: number; least: string; most: string; bars?: number[] }
export interface CellAnswer { name: string; title: string; columns: { name: string; type: string }[]; labels: string[]; rows: string[][]; total: number; cut: boolean; ms: number; sha256: string; summary: Summary[] }
export interface Figure { id: string; cell: string; title: string; alt: string; width: number; height: number; option: unknown }
export interface Answer { close: string; cells: CellAnswer[] | null; figures: Figure[] | null; outline: Outline[]; params?: Field[] }
export interface Outline { name: string; line: number; sha256: string; uses: string[] | null }

/** Answers keeps the newest answer of each cell and knows which have grown old. */
export class Answers {
  private readonly kept = new Map<string, { asked: string; part: HTMLElement }>();

  constructor(private readonly box: HTMLElement, private readonly go: (cell: string) => void) {}

  /** take shows what a run gave; asked names the values it was asked with. */
  take(answer: Answer, asked: string): void {
    for (const cell of answer.cells ?? []) {
      const part = this.part(cell, (answer.figures ?? []).filter((f) => f.cell === cell.name));
      this.kept.set(cell.name, { asked: `${answer.outline.find((o) => o.name === cell.name)?.sha256} ${asked}`, part });
    }
    const present = answer.outline.filter((o) => this.kept.has(o.name));
    for (const name of this.kept.keys()) if (!present.some((o) => o.name === name)) this.kept.delete(name);
    this.box.replaceChildren(...present.map((o) => this.kept.get(o.name)!.part));
  }

  /** stale lists the cells whose answer is not that of the present text and values, and marks them. */
  stale(outline: Outline[], asked: string): string[] {
    const old = outline.filter((o) => this.kept.get(o.name)?.asked !== `${o.sha256} ${asked}`).map((o) => o.name);
    for (const [name, { part }] of this.kept) part.classList.toggle('stale', old.includes(name) || !outline.some((o) => o.name === name));
    return old;
  }

  get empty(): boolean { return this.kept.size === 0; }

  private part(cell: CellAnswer, figures: Figure[]): HTMLElement {
    const part = element('section', '', 'answer');
    const head = element('h3');
    const name = element('button', cell.title, 'link');
    name.type = 'button';
    name.title = say('到此单元', 'go to the cell');
    name.addEventListener('click', () => this.go(cell.name));
    head.append(name, ' ', element('code', cell.name), ' ', element('span', `${cell.total}${cell.cut ? '+' : ''} ${say('行', 'rows')} · ${cell.ms} ms`, 'small'), ' ', element('span', say('待重新运行', 'run again'), 'tag old'));
    part.append(head, ...figures.map(drawnFigure), tableOf(cell));
    if (cell.cut || cell.total > cell.rows.length) part.append(element('p', say(`显示前 ${cell.rows.length} 行`, `the first ${cell.rows.length} rows`), 'small'));
    return part;
  }
}

function drawnFigure(f: Figure): HTMLElement {
  const figure = element('figure', '', 'chart on');
  figure.append(element('figcaption', f.title));
  const box = element('div', '', 'live');
  box.style.height = `${f.height}px`;
  box.setAttribute('role', 'img');
  box.setAttribute('aria-label', f.alt);
  figure.append(box);
  void draw(box, f.option).catch((error: Error) => box.replaceWith(element('p', error.message, 'none')));
  return figure;
}

async function draw(box: HTMLElement, option: unknown): Promise<void> {
  const { library } = await import('./chart');
  await library();
  const chart = globalThis.echarts!.init(box, null, { renderer: 'svg' });
  chart.setOption(globalThis.prepareOption!(option));
  new ResizeObserver(() => box.clientWidth && chart.resize()).observe(box);
}

const numeric = /INT|DECIMAL|DOUBLE|FLOAT/;

function tableOf(cell: CellAnswer): HTMLElement {
  const table = element('table', '', 'grid');
  const row = table.createTHead().insertRow();
  cell.columns.forEach((c, i) => {
    const th = element('th', cell.labels[i]!);
    th.scope = 'col';
    th.title = `${c.name} ${c.type}`;
    th.append(summaryOf(cell.summary[i]!, c));
    row.append(th);
  });
  const body = table.createTBody();
  for (const values of cell.rows) {
    const tr = body.insertRow();
    values.forEach((v, i) => {
      const td = tr.insertCell();
      td.textContent = v;
      td.className = numeric.test(cell.columns[i]!.type) ? 'n' : v.length <= 20 ? 'k' : '';
    });
  }
  const scroll = element('div', '', 'scroll');
  scroll.tabIndex = 0;
  scroll.setAttribute('role', 'region');
  scroll.setAttribute('aria-label', cell.title);
  scroll.append(table);
  return scroll;
}

// summaryOf says what a column holds: type, empty and distinct values, the least and the most, and small bars.
function summaryOf(s: Summary, column: { name: string; type: string }): HTMLElement {
  const box = element('span', '', 'summary');
  if (s.bars?.length) box.append(bars(s.bars, numeric.test(column.type)));
  box.append(element('span', column.type.toLowerCase()), element('span', `${say('不同', 'distinct')} ${s.distinct}${s.empty ? ` · ${say('空', 'empty')} ${s.empty}` : ''}`));
  if (s.distinct > 0) box.append(element('span', s.least === s.most ? s.least : `${s.least} … ${s.most}`, 'range'));
  return box;
}

function bars(counts: number[], isNumber: boolean): SVGElement {
  const space = 'http://www.w3.org/2000/svg';
  const svg = document.createElementNS(space, 'svg');
  const most = Math.max(...counts);
  svg.setAttribute('viewBox', `0 0 ${counts.length * 6} 20`);
  svg.setAttribute('class', 'bars');
  svg.setAttribute('role', 'img');
  svg.setAttribute('aria-label', (isNumber ? say('从小到大的分布：', 'from the least to the most: ') : say('最多的取值：', 'the most frequent values: ')) + counts.join(', '));
  counts.forEach((n, i) => {
    const bar = document.createElementNS(space, 'rect');
    const height = n === 0 ? 0 : Math.max(1, (18 * n) / most);
    for (const [key, value] of Object.entries({ x: i * 6, y: 20 - height, width: 5, height })) bar.setAttribute(key, String(value));
    svg.append(bar);
  });
  return svg;
}
