// Completion: tables and columns of the published schema with their meaning, the cells and parameters of the notebook,
// functions and keywords. What is typed may be a part of the name or of its meaning in Chinese.
import type { Completion, CompletionContext, CompletionResult } from '@codemirror/autocomplete';
import { say } from './say';

interface Column { name: string; type: string; label: string }
interface Schema { tables: { name: string; label: string; columns: Column[] }[]; functions: string[] }

const keywords = ['SELECT', 'FROM', 'WHERE', 'GROUP BY', 'ORDER BY', 'LEFT JOIN', 'JOIN', 'ON', 'WITH', 'CASE', 'WHEN', 'THEN', 'ELSE', 'END', 'count', 'sum', 'coalesce', 'DISTINCT', 'LIMIT', 'HAVING', 'AND', 'OR', 'NOT', 'NULL', 'IS', 'IN', 'BETWEEN'];

export class Words {
  private tables = new Map<string, Completion[]>();
  private all: Completion[] = [];
  private own: Completion[] = [];

  async load(): Promise<void> {
    const schema = (await (await fetch('/api/v1/schema')).json()) as Schema;
    const seen = new Set<string>();
    const list: Completion[] = [];
    for (const t of schema.tables) {
      const columns = t.columns.map((c) => ({ label: c.name, type: 'property', detail: c.label, info: c.type }));
      this.tables.set(t.name, columns);
      list.push({ label: t.name, type: 'class', detail: t.label, boost: 2 });
      for (const c of columns) if (!seen.has(c.label)) list.push(c);
      for (const c of columns) seen.add(c.label);
    }
    for (const f of schema.functions) list.push({ label: f, type: 'function' });
    for (const k of keywords) list.push({ label: k, type: 'keyword', boost: -1 });
    this.all = list;
  }

  /** names tells the cells and parameters of the notebook. */
  names(cells: string[], params: { name: string; label: string }[]): void {
    this.own = [...cells.map((c) => ({ label: c, type: 'class', detail: say('单元', 'cell'), boost: 3 })), ...params.map((p) => ({ label: '$' + p.name, type: 'variable', detail: p.label, boost: 3 }))];
  }

  readonly complete = (context: CompletionContext): CompletionResult | null => {
    const word = context.matchBefore(/[\w$.\u4e00-\u9fff]+/);
    if (!word && !context.explicit) return null;
    const typed = word?.text ?? '';
    const dot = typed.lastIndexOf('.');
    const pool = dot > 0 ? this.columnsOf(typed.slice(0, dot), context.state.doc.toString()) : [...this.own, ...this.all];
    const part = typed.slice(dot + 1).toLowerCase();
    const options = pool.filter((w) => w.label.toLowerCase().includes(part) || w.detail?.toLowerCase().includes(part));
    return options.length ? { from: (word?.from ?? context.pos) + dot + 1, options, filter: false } : null;
  };

  // columnsOf finds what stands behind an alias: FROM table AS alias.
  private columnsOf(alias: string, text: string): Completion[] {
    if (this.tables.has(alias)) return this.tables.get(alias)!;
    const last = [...text.matchAll(/\b(?:FROM|JOIN)\s+([a-z_]\w*)\s+(?:AS\s+)?([A-Za-z_]\w*)/gi)].reverse().find((m) => m[2] === alias);
    return (last && this.tables.get(last[1]!.toLowerCase())) || [];
  }
}
