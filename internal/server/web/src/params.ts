// The form of a notebook's parameters in the editor: a picker for what can be picked, typed fields for the rest. What
// was chosen stays chosen while the text changes, as long as a parameter of that name is there.
import { element, say } from './say';

export interface Field { name: string; type: string; label: string; value: string; min?: number; max?: number; choices?: { value: string; label: string }[] }

export class Params {
  private readonly chosen = new Map<string, string>();
  private fields: Field[] = [];

  constructor(private readonly box: HTMLElement, private readonly changed: () => void) {}

  show(fields: Field[]): void {
    if (JSON.stringify(fields) === JSON.stringify(this.fields)) return;
    this.fields = fields;
    for (const name of [...this.chosen.keys()]) if (!fields.some((f) => f.name === name)) this.chosen.delete(name);
    const focused = this.box.contains(document.activeElement) ? (document.activeElement as HTMLInputElement).name : '';
    this.box.replaceChildren(...fields.map((f) => this.field(f)));
    if (focused) this.box.querySelector<HTMLElement>(`[name="${CSS.escape(focused)}"]`)?.focus();
    this.box.hidden = fields.length === 0;
  }

  /** values are what was chosen; a parameter that nobody touched takes its default. */
  values(): Record<string, string> { return Object.fromEntries([...this.chosen].sort()); }

  private field(f: Field): HTMLElement {
    const label = element('label', f.label + ' ');
    const now = this.chosen.get(f.name) ?? f.value;
    let control: HTMLSelectElement | HTMLInputElement;
    if (f.choices?.length) {
      control = element('select');
      for (const c of f.choices) control.add(new Option(c.label, c.value, false, c.value === now));
      if (!f.choices.some((c) => c.value === now)) control.add(new Option(now || say('（请选择）', '(choose)'), now, true, true), 0);
    } else {
      control = element('input');
      control.value = now;
      if (f.type === 'number') {
        control.type = 'number';
        control.step = 'any';
        if (f.min !== undefined) control.min = String(f.min);
        if (f.max !== undefined) control.max = String(f.max);
      } else if (f.type === 'month') {
        control.type = 'month';
      }
    }
    control.name = `p.${f.name}`;
    control.addEventListener('input', () => {
      if (control.value === f.value) this.chosen.delete(f.name);
      else this.chosen.set(f.name, control.value);
      this.changed();
    });
    label.append(control);
    return label;
  }
}
