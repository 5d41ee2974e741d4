/**
 * Keys of the whole page. A part of it says which keys it has and what they do; the list that `?` opens is made of the same. No key acts while
 * somebody types, while a dialog is open, or together with Ctrl, Alt or the command key: those belong to the browser.
 *
 * @typedef {{keys: string[], words: string, group: string, act?: (event: KeyboardEvent) => void, when?: () => boolean}} Shortcut
 *   `act` may be missing: the part listens itself, the list only names the key; `when`: whether it acts now
 */

/** @type {Set<Shortcut>} */
const known = new Set();
/** Elements in which every key means a character, or a choice. */
const FIELDS = ['input', 'select', 'textarea'];

/** @param {Shortcut[]} shortcuts @returns {() => void} takes them back */
export function addKeys(shortcuts) {
  for (const one of shortcuts) known.add(one);
  return () => shortcuts.forEach((one) => known.delete(one));
}

/** All keys that mean something on this page, by group. @returns {Map<string, Shortcut[]>} */
export function keyGroups() {
  const groups = new Map();
  for (const one of known) groups.set(one.group, [...(groups.get(one.group) ?? []), one]);
  return groups;
}

/** Whether a key would be written into what has the focus. @param {{tagName?: string, type?: string, isContentEditable?: boolean} | null | undefined} focused */
export function typing(focused) {
  if (focused?.isContentEditable) return true;
  const tag = focused?.tagName?.toLowerCase() ?? '';
  if (tag === 'input' && ['checkbox', 'radio', 'button'].includes(focused?.type ?? '')) return false;
  return FIELDS.includes(tag);
}

/**
 * What a key press is for, or null.
 *
 * @param {{key: string, ctrlKey?: boolean, altKey?: boolean, metaKey?: boolean, defaultPrevented?: boolean}} event
 * @param {any} focused
 * @param {Iterable<Shortcut>} [shortcuts]
 */
export function shortcutOf(event, focused, shortcuts = known) {
  if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || typing(focused)) return null;
  // the newest first: a page may give a key another meaning
  return [...shortcuts].reverse().find(({ keys, act, when }) => act && keys.includes(event.key) && (when?.() ?? true)) ?? null;
}

/** @param {Document} document */
export function listenForKeys(document) {
  document.addEventListener('keydown', (event) => {
    if (document.querySelector('dialog[open]')) return;
    const found = shortcutOf(event, document.activeElement);
    if (!found) return;
    event.preventDefault();
    found.act?.(event);
  });
}
