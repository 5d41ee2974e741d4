/** The only module that knows the ECharts library: makes charts, sizes, redraws and disposes them. */
// @ts-ignore: served from the WebJar
import * as echarts from '/webjars/echarts/5.5.0/echarts.esm.min.mjs';
import { isLive, settled, shapes, trace, unseen } from './live.js';

/**
 * @typedef {{draw: (option: any, whole?: boolean) => void, move: (option: any) => boolean, dispose: () => void, width: () => number, visible: () => boolean,
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
/** Pixels by which a live line may stand out of its plot. */
const CLIP_PX = 2;
/** Pixels of a saved picture per pixel on the screen. */
const PICTURE_RATIO = 2;

/** Of live series, what has one style. */
const Live = echarts.graphic.extendShape({ type: 'live', shape: { lines: [], dots: [] }, buildPath: trace });

/**
 * @param {HTMLElement} element
 * @param {() => void} onResize the size changed or the chart came into view: draw again
 * @returns {Chart}
 */
export function mountChart(element, onResize) {
  const chart = echarts.init(element, null, { renderer: 'canvas' });
  const live = liveSeries(chart, () => onResize());
  let inView = true;
  /** @type {string | undefined} */
  let kind;
  // kept, because asking the element would lay out the page again
  let width = element.clientWidth;
  const sizes = new ResizeObserver(([entry]) => {
    width = entry.contentRect.width;
    chart.resize({ silent: true });
    live.outdated();
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
      const moving = isLive(option);
      chart.setOption(moving ? unseen(option) : option, { lazyUpdate: false, silent: true, notMerge: whole || option.kind !== kind });
      kind = option.kind;
      if (moving) live.drawn(option);
      rest(chart);
    },
    // only what is live of it; false: something else has changed, or is being looked at, and it takes a whole drawing
    move: (option) => live.move(option),
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

/** Series that are drawn on top of what ECharts drew, without it. @param {any} chart @param {() => void} redraw asks for a whole drawing */
function liveSeries(chart, redraw) {
  const zr = chart.getZr();
  const { animation } = zr;
  // every change starts its clock; what is drawn at once does not need it, and its frames would cost as much again
  const start = animation.start.bind(animation);
  let moving = false;
  animation.start = () => moving || start();
  /** @type {Map<string, any>} */
  const elements = new Map();
  /** What was drawn last, but for the live series; null: nothing that still holds. @type {string | null} */
  let known = null;
  // a tooltip tells the values that ECharts knows: while somebody points at it they are the newest
  let pointed = false;
  let moved = false;
  /** @type {(x: number, y: number) => [number, number]} */
  let place;
  /** The plot, and a little more: no line is cut along its middle. @type {any} */
  let clip;
  zr.on('mousemove', () => {
    if (moved && !pointed) redraw();
    pointed = true;
  });
  zr.on('globalout', () => (pointed = false));

  function draw(option) {
    const all = shapes(option, place);
    for (const [name, element] of elements) {
      if (all.has(name)) continue;
      zr.remove(element);
      elements.delete(name);
    }
    for (const [name, { z, style, lines, dots }] of all) {
      let element = elements.get(name);
      if (!element) {
        element = new Live({ z, silent: true });
        elements.set(name, element);
        zr.add(element);
      }
      // dots on an axis stand out of it
      if (lines.length > 0) element.setClipPath(clip);
      element.attr({ style, shape: { lines, dots } });
    }
  }

  return {
    outdated: () => (known = null),
    drawn(option) {
      known = settled(option);
      const { min: left, max: right } = option.xAxis;
      const { min: bottom, max: top } = option.yAxis;
      const [x0, y0] = chart.convertToPixel({ gridIndex: 0 }, [left, bottom]);
      const [x1, y1] = chart.convertToPixel({ gridIndex: 0 }, [right, top]);
      place = (x, y) => [x0 + ((x - left) / (right - left)) * (x1 - x0), y0 + ((y - bottom) / (top - bottom)) * (y1 - y0)];
      clip = new echarts.graphic.Rect({ shape: { x: x0 - CLIP_PX, y: y1 - CLIP_PX, width: x1 - x0 + 2 * CLIP_PX, height: y0 - y1 + 2 * CLIP_PX } });
      moved = false;
      draw(option);
      zr.refreshImmediately();
    },
    move(option) {
      if (pointed || known === null || !isLive(option) || settled(option) !== known) return false;
      moved = moving = true;
      draw(option);
      zr.refreshImmediately();
      moving = false;
      return true;
    },
  };
}

/** Its clock asks for ten more frames, which is always while data stream in; whatever moves starts it again. */
function rest(chart) {
  const { animation } = chart.getZr();
  if (animation.isFinished()) animation.stop();
}
