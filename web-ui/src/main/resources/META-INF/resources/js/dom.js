/**
 * The only module that makes elements. Text is always set as text, never parsed as HTML.
 */

/**
 * @param {string} tag "button", or "span.badge.quiet"
 * @param {Record<string, any>} [attributes] `on*` are listeners, `style` and `dataset` objects, `class` is added; null and false are left out
 * @param {...(Node | string | number | null | undefined | false)} children
 * @returns {HTMLElement}
 */
export function h(tag, attributes = {}, ...children) {
  const [name, ...classes] = tag.split('.');
  const element = document.createElement(name);
  element.classList.add(...classes);
  for (const [key, value] of Object.entries(attributes)) setAttribute(element, key, value);
  append(element, children);
  return element;
}

/** The same for a part of a drawing. @param {string} tag @param {Record<string, any>} [attributes] @param {...(Node | string | null | undefined | false)} children @returns {SVGElement} */
export function svg(tag, attributes = {}, ...children) {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [key, value] of Object.entries(attributes)) {
    if (key === 'class') element.setAttribute('class', value);
    else setAttribute(element, key, value);
  }
  append(element, children);
  return /** @type {SVGElement} */ (element);
}

/** Replaces all children. @param {Element} element @param {...any} children */
export function fill(element, ...children) {
  element.replaceChildren();
  append(element, children);
}

/** Sets the text only when it differs: nothing is laid out again for nothing. @param {Element} element @param {string} text */
export function text(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** Sets or removes an attribute only when it differs. @param {Element} element @param {string} name @param {string | null} value */
export function attribute(element, name, value) {
  if (value === null) element.removeAttribute(name);
  else if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}

/** A picture from the page's symbol file; decoration only. @param {string} name */
export function icon(name) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('class', 'icon');
  svg.setAttribute('aria-hidden', 'true');
  const use = document.createElementNS('http://www.w3.org/2000/svg', 'use');
  use.setAttribute('href', `icons.svg#${name}`);
  svg.append(use);
  return svg;
}

function setAttribute(element, key, value) {
  if (value === null || value === undefined || value === false) return;
  if (key.startsWith('on')) element.addEventListener(key.slice(2), value);
  else if (key === 'class') element.classList.add(...String(value).split(' ').filter(Boolean));
  else if (key === 'dataset') Object.assign(element.dataset, value);
  else if (key === 'style') for (const [property, v] of Object.entries(value)) element.style.setProperty(property, v);
  else element.setAttribute(key, value === true ? '' : value);
}

function append(element, children) {
  for (const child of children) {
    if (child === null || child === undefined || child === false) continue;
    element.append(typeof child === 'object' ? child : String(child));
  }
}
