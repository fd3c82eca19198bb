// The admin API, which answers mistakes in words: they are shown as they are.

const admin = new URL('../', import.meta.url);

/// A number as it was written, where JavaScript's own would be written otherwise: `1000.50`, or a long integer.
class Written {
  constructor(text) { this.text = text; }
  toString() { return this.text; }
}

export const isNumber = value => typeof value === 'number' || value instanceof Written;

/// JSON as a value. Older browsers don't tell how a number was written.
export const parse = text => JSON.parse(text, (_key, value, context) => {
  const isOther = typeof value === 'number' && context?.source !== undefined && String(value) !== context.source;
  return isOther ? new Written(context.source) : value;
});

export function address(path, parameters = {}) {
  const url = new URL(path, admin);
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined && value !== '') url.searchParams.append(name, value);
  }
  return url;
}

async function told(answer) {
  const text = await answer.text();
  if (answer.ok) return text;
  let reason = `${answer.status} ${answer.statusText}`;
  try { reason = JSON.parse(text).error.message; } catch { /* It is no answer of the double. */ }
  throw new Error(reason);
}

export const text = async (path, parameters) => told(await fetch(address(path, parameters)));
export const read = async (path, parameters) => parse(await text(path, parameters));
export const post = async (path, parameters) => told(await fetch(address(path, parameters), { method: 'POST' }));
