// Texts in the page's language, and elements with text.
export const zh = document.documentElement.lang.startsWith('zh');
export const say = (c: string, e: string): string => (zh ? c : e);

export function element<K extends keyof HTMLElementTagNameMap>(name: K, content = '', className = ''): HTMLElementTagNameMap[K] {
  const e = document.createElement(name);
  e.textContent = content;
  if (className) e.className = className;
  return e;
}
