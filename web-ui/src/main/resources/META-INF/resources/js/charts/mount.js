/** The only module that knows the ECharts library: makes charts, sizes, redraws and disposes them. */
// @ts-ignore: served from the WebJar
import * as echarts from '/webjars/echarts/5.5.0/echarts.esm.min.mjs';

/**
 * @typedef {{draw: (option: any, whole?: boolean) => void, dispose: () => void, width: () => number, visible: () => boolean,
 *   plotX: (clientX: number, clientY: number) => {x: number, inside: boolean} | null,
 *   onClick: (listener: (place: {x: number, y: number}) => void) => void,
 *   plotOf: (x: number) => number | null, plotRows: (left: number) => {top: number, height: number}, tip: (left: number | null) => void,
 *   png: (background: string) => Promise<Blob>, svg: (option: any, background: string) => Blob,
 *   onMove: (listener: (place: {x: number, y: number, left: number, top: number} | null) => void) => void}} Chart
 */

/** A chart has at most so many plots. */
const PLOTS = [0, 1, 2, 3];
/** Pixels between two looks for the upper and lower end of a plot. */
const PROBE_PX = 4;
/** The same, to find out whether there is one: no plot is as flat. */
const COARSE_PX = 24;
/** Pixels of a saved picture per pixel on the screen. */
const PICTURE_RATIO = 2;

/**
 * @param {HTMLElement} element
 * @param {() => void} onResize the size changed or the chart came into view: draw again
 * @returns {Chart}
 */
export function mountChart(element, onResize) {
  const chart = echarts.init(element, null, { renderer: 'canvas' });
  let inView = true;
  /** @type {string | undefined} */
  let kind;
  // kept, because asking the element would lay out the page again
  let width = element.clientWidth;
  const sizes = new ResizeObserver(([entry]) => {
    width = entry.contentRect.width;
    chart.resize({ silent: true });
    onResize();
  });
  const views = new IntersectionObserver(
    (entries) => {
      const before = inView;
      inView = entries[entries.length - 1].isIntersecting;
      if (inView && !before) onResize();
    },
    { rootMargin: '120px' },
  );
  sizes.observe(element);
  views.observe(element);
  /** Pixels from the top that are within a plot at a place. @param {number} left @param {number} [step] */
  const rows = (left, step = COARSE_PX) => {
    const inside = (y) => PLOTS.some((gridIndex) => chart.containPixel({ gridIndex }, [left, y]));
    return Array.from({ length: Math.ceil(chart.getHeight() / step) }, (_, i) => i * step).filter(inside);
  };
  return {
    // `whole`, or an option of another `kind` than the last one: nothing of that stays
    draw: (option, whole = false) => {
      chart.setOption(option, { lazyUpdate: false, silent: true, notMerge: whole || option.kind !== kind });
      kind = option.kind;
      // its clock asks for ten more frames, which is always while data stream in; whatever moves starts it again
      const { animation } = chart.getZr();
      if (animation.isFinished()) animation.stop();
    },
    dispose: () => {
      sizes.disconnect();
      views.disconnect();
      chart.dispose();
    },
    width: () => width,
    visible: () => inView,
    // a place of the page on the first x axis; null before there is one
    plotX: (clientX, clientY) => {
      const box = element.getBoundingClientRect();
      const pixel = [clientX - box.left, clientY - box.top];
      const place = chart.convertFromPixel({ gridIndex: 0 }, pixel);
      if (!place || !Number.isFinite(place[0])) return null;
      const inside = PLOTS.some((gridIndex) => chart.containPixel({ gridIndex }, pixel));
      return { x: place[0], inside };
    },
    onClick: (listener) => {
      chart.getZr().on('click', ({ offsetX, offsetY }) => {
        if (!chart.containPixel({ gridIndex: 0 }, [offsetX, offsetY])) return;
        const [x, y] = chart.convertFromPixel({ gridIndex: 0 }, [offsetX, offsetY]);
        listener({ x, y });
      });
    },
    // how far from the left an iteration is, in pixels of the element; null: not in view
    plotOf: (x) => {
      const left = chart.convertToPixel({ xAxisIndex: 0 }, x);
      return Number.isFinite(left) && rows(left).length > 0 ? left : null;
    },
    // upper and lower end of the plot at a place
    plotRows: (left) => {
      const inside = rows(left, PROBE_PX);
      return { top: inside[0] ?? 0, height: (inside.at(-1) ?? 0) - (inside[0] ?? 0) };
    },
    // the values at a place, as if it were pointed at; null: none
    tip: (left) => {
      if (left === null) {
        chart.dispatchAction({ type: 'hideTip' });
        return chart.dispatchAction({ type: 'updateAxisPointer', currTrigger: 'leave' });
      }
      return chart.dispatchAction({ type: 'showTip', x: left, y: chart.getHeight() / 4 });
    },
    png: (background) => {
      const picture = chart.getRenderedCanvas({ pixelRatio: PICTURE_RATIO, backgroundColor: background });
      return new Promise((done, failed) => picture.toBlob((blob) => (blob ? done(blob) : failed(new Error('The browser made no picture'))), 'image/png'));
    },
    svg: (option, background) => {
      const drawing = echarts.init(null, null, { renderer: 'svg', ssr: true, width: chart.getWidth(), height: chart.getHeight() });
      drawing.setOption({ ...option, backgroundColor: background });
      // names of fonts are quoted within a quoted attribute
      const text = drawing.renderToSVGString().replace(/font-family:[^;]*;/g, (fonts) => fonts.replaceAll('"', "'"));
      drawing.dispose();
      return new Blob([text], { type: 'image/svg+xml' });
    },
    onMove: (listener) => {
      const zr = chart.getZr();
      zr.on('mousemove', ({ offsetX, offsetY }) => {
        if (!chart.containPixel({ gridIndex: 0 }, [offsetX, offsetY])) return listener(null);
        const [x, y] = chart.convertFromPixel({ gridIndex: 0 }, [offsetX, offsetY]);
        return listener({ x, y, left: offsetX, top: offsetY });
      });
      zr.on('globalout', () => listener(null));
    },
  };
}
