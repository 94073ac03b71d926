// The tokens of an SQL text, to tell whether two texts mean the same: white space and line ends between tokens mean
// nothing, everything else does.

/** tokens splits a statement: quoted texts, comments, names, numbers and signs; undefined where a quote is never closed. */
export function tokens(sql: string): string[] | undefined {
  const list: string[] = [];
  const rules: [RegExp, boolean][] = [
    [/\s+/y, false],
    [/--[^\n]*/y, true],
    [/\/\*[\s\S]*?\*\//y, true],
    [/[eE]'(?:[^'\\]|\\[\s\S]|'')*'/y, true],
    [/'(?:[^']|'')*'/y, true],
    [/"(?:[^"]|"")*"/y, true],
    [/\$([A-Za-z_]\w*)?\$[\s\S]*?\$\1\$/y, true],
    [/\$\w+/y, true],
    [/\d[\w.]*(?:(?<=[eE])[+-]\d+)?/y, true],
    [/[\p{L}_][\p{L}\p{N}_$]*/uy, true],
    [/::|:=|:/y, true],
    [/[<>=!+*/%&|^~@#-]+/y, true],
    [/[(),;.[\]{}?]/y, true],
  ];
  for (let at = 0; at < sql.length; ) {
    const hit = rules.map(([rule, keep]) => {
      rule.lastIndex = at;
      const m = rule.exec(sql);
      return m && { text: m[0], keep };
    }).find((m) => m);
    if (!hit) return undefined;
    const text = operator(hit.text);
    if (hit.keep) list.push(text.startsWith('--') ? text.trimEnd() : text);
    at += text.length;
  }
  return list;
}

// operator cuts a run of signs where the engine's grammar does: before a comment, and before a sign of a number at its
// end, unless one of ~ ! @ # % ^ & | stands in it.
function operator(text: string): string {
  if (!/^[<>=!+*/%&|^~@#-]{2,}$/.test(text)) return text;
  const comment = text.search(/.(--|\/\*)/);
  let run = comment < 0 ? text : text.slice(0, comment + 1);
  if (!/[~!@#%^&|]/.test(run)) while (run.length > 1 && /[+-]$/.test(run) && !/^-[>]/.test(run)) run = run.slice(0, -1);
  return run;
}

/** sameMeaning tells whether two texts have the same tokens in the same order. */
export function sameMeaning(a: string, b: string): boolean {
  const x = tokens(a), y = tokens(b);
  return !!x && !!y && x.length === y.length && x.every((t, i) => t === y[i]);
}
