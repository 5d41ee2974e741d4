/**
 * The same done to several runs, a few at a time. One that fails keeps no other from being done.
 *
 * @typedef {{id: string, answer: any, error: any}} Outcome
 */

const AT_ONCE = 3;

/**
 * @param {string[]} ids
 * @param {(id: string) => Promise<any>} task
 * @param {{atOnce?: number, onProgress?: (done: number) => void}} [more]
 * @returns {Promise<Outcome[]>} in the order of the ids
 */
export async function eachRun(ids, task, { atOnce = AT_ONCE, onProgress = () => {} } = {}) {
  /** @type {Outcome[]} */
  const outcomes = new Array(ids.length);
  let next = 0;
  let done = 0;
  async function worker() {
    while (next < ids.length) {
      const place = next++;
      const id = ids[place];
      try {
        outcomes[place] = { id, answer: await task(id), error: null };
      } catch (error) {
        outcomes[place] = { id, answer: null, error };
      }
      onProgress(++done);
    }
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, ids.length) }, worker));
  return outcomes;
}

/** Tags of any of the runs with the number of runs that have it, the commonest first. @param {any[]} runs @returns {{tag: string, count: number}[]} */
export function tagCounts(runs) {
  const counts = new Map();
  for (const run of runs) for (const tag of new Set(run.tags ?? [])) counts.set(tag, (counts.get(tag) ?? 0) + 1);
  return [...counts].map(([tag, count]) => ({ tag, count })).sort((a, b) => b.count - a.count || a.tag.localeCompare(b.tag));
}

/** What the service takes for a tag: an empty string, or why it would not. @param {string} tag */
export function tagFault(tag) {
  if (tag === '') return 'A tag has at least one character.';
  if ([...tag].length > 64) return `A tag has at most 64 characters; this one has ${[...tag].length}.`;
  return /\p{Cc}/u.test(tag) ? 'A tag has no control characters.' : '';
}

/** Which of the runs a deletion would take, and which it would refuse. @param {any[]} runs */
export function deletable(runs) {
  const runs_ = runs.filter(({ state }) => state === 'running' || state === 'paused');
  return { yes: runs.filter((run) => !runs_.includes(run)), no: runs_ };
}
