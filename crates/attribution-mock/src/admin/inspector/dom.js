// Elements without markup: whatever a request holds stays text.

export function element(name, properties = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith('on')) made.addEventListener(key.slice(2), value);
    else made.setAttribute(key, value === true ? '' : value);
  }
  made.append(...children.flat().filter(child => child !== undefined && child !== null));
  return made;
}

export const link = (to, text, properties = {}) => element('a', { ...properties, href: to }, text);

/// A button that copies a text, and says so.
export function copies(label, text) {
  const button = element('button', {
    onclick: async () => {
      await navigator.clipboard.writeText(text());
      button.textContent = 'Copied';
      setTimeout(() => { button.textContent = label; }, 1500);
    },
  }, label);
  return button;
}
