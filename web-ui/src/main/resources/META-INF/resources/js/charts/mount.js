/** The only module that knows the ECharts library: makes charts, sizes, redraws and disposes them. */
// @ts-ignore: served from the WebJar
import * as echarts from '/webjars/echarts/5.5.0/echarts.esm.min.mjs';

/**
 * @typedef {{draw: (option: any) => void, dispose: () => void, width: () => number, visible: () => boolean,
 *   plotX: (clientX: number, clientY: number) => {x: number, inside: boolean} | null,
 *   onClick: (listener: (place: {x: number, y: number}) => void) => void,
 *   onMove: (listener: (place: {x: number, y: number, left: number, top: number} | null) => void) => void}} Chart
 */

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
  return {
    // an option of another `kind` than the last one: nothing of that stays
    draw: (option) => {
      chart.setOption(option, { lazyUpdate: false, silent: true, notMerge: option.kind !== kind });
      kind = option.kind;
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
      const inside = [0, 1].some((gridIndex) => chart.containPixel({ gridIndex }, pixel));
      return { x: place[0], inside };
    },
    onClick: (listener) => {
      chart.getZr().on('click', ({ offsetX, offsetY }) => {
        if (!chart.containPixel({ gridIndex: 0 }, [offsetX, offsetY])) return;
        const [x, y] = chart.convertFromPixel({ gridIndex: 0 }, [offsetX, offsetY]);
        listener({ x, y });
      });
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
