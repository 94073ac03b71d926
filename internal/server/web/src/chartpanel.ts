// The settings of the chart of the cell in which the cursor stands. They are words of the cell's fence line, and are
// written there one by one; nothing else of the text changes.
import type { Cell } from './fence';
import { element, say } from './say';

const kinds: [string, string, string][] = [
  ['', '表格', 'table'], ['bar', '条形图', 'bars'], ['line', '折线图', 'lines'], ['panels', '小图组', 'panels'], ['heatmap', '热力图（0–100）', 'heat map (0–100)'], ['flows', '流向图', 'flows'],
  ['funnel', '漏斗图', 'funnel'], ['dots', '点与区间', 'dots with intervals'], ['number', '数字', 'numbers'], ['hidden', '不显示', 'hidden'],
];
// The words that each kind of chart takes, besides title and unit.
const takes: Record<string, string[]> = {
  bar: ['x', 'y', 'series', 'target'], line: ['x', 'y', 'series', 'low', 'high', 'target'], panels: ['x', 'y', 'series', 'low', 'high', 'target'], heatmap: ['x', 'y', 'series'], flows: ['x', 'y', 'series'],
  funnel: ['x', 'y'], dots: ['x', 'y', 'low', 'high', 'target'], number: ['y'],
};
const labels: Record<string, [string, string]> = {
  x: ['横轴列', 'x: column'], y: ['数值列', 'y: columns'], series: ['系列列', 'series: column'], low: ['区间下限列', 'low: column'], high: ['区间上限列', 'high: column'], target: ['目标列', 'target: column'],
  title: ['标题（中文 | 英文）', 'title (Chinese | English)'], unit: ['单位（中文 | 英文）', 'unit (Chinese | English)'],
};

export class ChartPanel {
  private cell: Cell | undefined;
  private columns: string[] = [];

  constructor(private readonly box: HTMLElement, private readonly write: (cell: Cell, key: string, value: string) => void) {
    this.show(undefined, []);
  }

  show(cell: Cell | undefined, columns: string[]): void {
    const shape = (c: Cell | undefined): string => JSON.stringify([c?.name, c?.words.get('chart')]);
    const same = shape(cell) === shape(this.cell) && columns.join() === this.columns.join() && this.box.childElementCount > 0;
    this.cell = cell;
    this.columns = columns;
    if (!same) {
      this.box.replaceChildren(...(cell ? this.fields(cell) : [element('p', say('把光标放进一个 SQL 单元，即可设置它的图形。', 'Put the cursor into an SQL cell to set its chart.'), 'small')]));
      return;
    }
    // The controls stay, so that the one in use keeps the focus; only what they show follows the text.
    for (const control of this.box.querySelectorAll<HTMLInputElement | HTMLSelectElement>('[name]')) {
      const value = cell?.words.get(control.name) ?? '';
      if (control === document.activeElement || control.value === value) continue;
      if (control instanceof HTMLSelectElement && ![...control.options].some((o) => o.value === value)) control.add(new Option(value, value));
      control.value = value;
    }
  }

  private fields(cell: Cell): HTMLElement[] {
    const kind = cell.words.get('chart') ?? '';
    const list = [this.select(cell, 'chart', say('图形', 'chart'), kinds.map(([value, c, e]) => [value, say(c, e)]), kind === 'table' ? '' : kind)];
    for (const key of takes[kind] ?? []) {
      const value = cell.words.get(key) ?? '';
      // Several columns for y, and columns that are not known before the cell has run, are written by hand.
      if (key === 'y' || this.columns.length === 0) list.push(this.input(cell, key, value));
      else list.push(this.select(cell, key, say(...labels[key]!), [['', '—'], ...this.columns.map((c): [string, string] => [c, c])], value));
    }
    if (kind !== 'hidden') for (const key of ['title', 'unit']) list.push(this.input(cell, key, cell.words.get(key) ?? ''));
    const columns = element('datalist');
    columns.id = 'columns';
    for (const c of this.columns) columns.append(new Option(c));
    return [element('p', cell.name, 'small name'), ...list, columns];
  }

  private labelled(key: string, text: string, control: HTMLSelectElement | HTMLInputElement, cell: Cell): HTMLElement {
    const label = element('label', text + ' ');
    control.name = key;
    control.addEventListener('change', () => this.write(cell, key, control.value.trim()));
    control.addEventListener('keydown', (e) => {
      if (e instanceof KeyboardEvent && e.key === 'Enter' && !e.isComposing) this.write(cell, key, control.value.trim());
    });
    label.append(control);
    return label;
  }

  private select(cell: Cell, key: string, text: string, choices: [string, string][], now: string): HTMLElement {
    const control = element('select');
    for (const [value, label] of choices) control.add(new Option(label, value, false, value === now));
    if (!choices.some(([value]) => value === now)) control.add(new Option(now, now, true, true));
    return this.labelled(key, text, control, cell);
  }

  private input(cell: Cell, key: string, now: string): HTMLElement {
    const control = element('input');
    control.value = now;
    if (key !== 'title' && key !== 'unit') control.setAttribute('list', 'columns');
    return this.labelled(key, say(...labels[key]!), control, cell);
  }
}
