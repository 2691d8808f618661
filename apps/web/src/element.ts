export type Child = Node | string | number | null;

/** Makes an element; its children are added as text or nodes, never as markup. */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Readonly<Record<string, string | number | boolean>> = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) {
    if (value !== false) made.setAttribute(attribute, value === true ? '' : String(value));
  }
  made.append(
    ...children.filter((child) => child !== null).map((child) => (child instanceof Node ? child : String(child))),
  );
  return made;
}

/** A table with a heading for each column. */
export function table(caption: string, headings: readonly string[], rows: readonly HTMLTableRowElement[]): HTMLElement {
  const head = element('tr', {}, ...headings.map((heading) => element('th', { scope: 'col' }, heading)));
  const whole = element(
    'table',
    {},
    element('caption', {}, caption),
    element('thead', {}, head),
    element('tbody', {}, ...rows),
  );
  return element('div', { class: 'scroll' }, whole);
}

/** A row of a table; the first cell is its heading. */
export function tableRow([first, ...rest]: readonly Child[]): HTMLTableRowElement {
  return element(
    'tr',
    {},
    element('th', { scope: 'row' }, first ?? null),
    ...rest.map((cell) => element('td', {}, cell)),
  );
}

/** A status in its colour. */
export function badge(status: string): HTMLElement {
  return element('span', { class: `badge ${status}` }, status);
}
