// Live charts in place of the drawn ones, loaded when the first comes into view. On a narrow screen, in print and
// without scripts the drawing stays.

interface Chart {
  setOption(option: unknown): void;
  on(event: string, handler: (p: { data?: { link?: string } }) => void): void;
  resize(): void;
}
declare global {
  var echarts: { init(box: HTMLElement, theme: null, options: object): Chart } | undefined;
  var prepareOption: ((option: unknown) => unknown) | undefined;
}

const addresses = new Map(
  Array.from(document.querySelectorAll<HTMLMetaElement>('meta[name="weir-script"]')).map((l) => [l.dataset.script!, l.content]),
);

function load(name: string): Promise<void> {
  return new Promise((done, failed) => {
    const script = document.createElement('script');
    script.src = addresses.get(name) ?? `/assets/${name}`;
    script.onload = () => done();
    script.onerror = () => failed(new Error(`${name} cannot be loaded`));
    document.head.append(script);
  });
}

let ready: Promise<void> | undefined;
export const library = (): Promise<void> => (ready ??= load('echarts.js').then(() => load('figure.js')));

async function enliven(drawing: HTMLElement): Promise<void> {
  const source = document.querySelector(`script[data-option="${CSS.escape(drawing.dataset.chart!)}"]`);
  if (!source || drawing.clientWidth < 560) return;
  await library();
  if (!globalThis.echarts || !globalThis.prepareOption) return;
  const box = document.createElement('div');
  box.className = 'live';
  box.style.height = `${Math.round((Number(drawing.dataset.height) * Math.min(drawing.clientWidth, 860)) / Number(drawing.dataset.width))}px`;
  drawing.after(box);
  const figure = drawing.closest('figure')!;
  figure.classList.add('on');
  try {
    const chart = globalThis.echarts.init(box, null, { renderer: 'svg' });
    chart.setOption(globalThis.prepareOption(JSON.parse(source.textContent!)));
    new ResizeObserver(() => box.clientWidth && chart.resize()).observe(box);
  } catch (error) {
    figure.classList.remove('on');
    box.remove();
    console.error(error);
  }
}

const seen = new IntersectionObserver(
  (entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      seen.unobserve(entry.target);
      void enliven(entry.target as HTMLElement).catch(console.error);
    }
  },
  { rootMargin: '200px' },
);
document.querySelectorAll<HTMLElement>('.drawing[data-chart]').forEach((d) => seen.observe(d));


