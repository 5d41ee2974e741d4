/** Keeps the page's address at the place of a replay, so that it can be shared and survives a reload. */
import { queryOf, replayHref, withQuery } from '../router.js';

const PAUSE_MS = 1000;
/** What of the address belongs to the replay; the rest is how the charts are looked at. */
const OWN = ['replay', 'speed', 'align', 'loop'];

/**
 * @param {import('../state/replay.js').Replay} replay
 * @param {string} href of the run or of the comparison
 * @returns {() => void} disposer
 */
export function keepAddress(replay, href) {
  /** @type {any} */
  let timer = null;
  const write = () => {
    timer = null;
    const { speed, align, range } = replay;
    const looped = range.loop && range.from !== null && range.to !== null ? { from: range.from, to: range.to, loop: true } : {};
    const own = queryOf(replayHref(href, { at: replay.target ?? replay.place.iteration, speed, align, ...looped }));
    const address = withQuery(location.hash, Object.fromEntries(OWN.map((name) => [name, own.get(name)])));
    if (location.hash !== address) history.replaceState(history.state, '', address);
  };
  const changed = () => {
    if (replay.state !== 'starting' && replay.state !== 'failed') timer ??= setTimeout(write, PAUSE_MS);
  };
  replay.addEventListener('status', changed);
  return () => {
    replay.removeEventListener('status', changed);
    clearTimeout(timer);
  };
}
