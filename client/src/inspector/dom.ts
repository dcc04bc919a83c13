/** The element of the page with that id. */
export function at<E extends HTMLElement = HTMLElement>(id: string): E {
  const found = document.getElementById(id);
  if (!found) throw new ReferenceError(`the page has no ${id}`);
  return found as E;
}

/** Makes an element. Text becomes text nodes. */
export function element<K extends keyof HTMLElementTagNameMap>(
  name: K, properties: Partial<HTMLElementTagNameMap[K]>, ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

/** Changes a box, which stays at its end if it is there. */
export function atEnd(box: HTMLElement, change: () => void): void {
  const isAtEnd = box.scrollHeight - box.scrollTop - box.clientHeight < 40;
  change();
  if (isAtEnd) box.scrollTop = box.scrollHeight;
}

/** Handles a form in the page: it is never sent by the browser. */
export function onSubmit(id: string, handle: () => void): void {
  at<HTMLFormElement>(id).addEventListener('submit', event => {
    event.preventDefault();
    handle();
  });
}
