// What is typed into the search: `visitor:user-1 event:"Order Completed" refund`.

/// Parameters of the admin API, which says itself which there are, and words that a row must have in it.
export function understood(typed) {
  const parameters = {}, words = [];
  for (const [, name, quoted, plain] of typed.matchAll(/(?:(\w+):)?(?:"([^"]*)"?|(\S+))/g)) {
    const value = quoted ?? plain;
    if (name === undefined) words.push(value.toLowerCase());
    else parameters[name] = value;
  }
  return { parameters, words };
}

export function has(row, words) {
  const text = words.length > 0 ? JSON.stringify(row).toLowerCase() : '';
  return words.every(word => text.includes(word));
}

/// The same as text: `visitor:user-1`.
export const term = (name, value) => `${name}:${/\s/.test(value) ? `"${value}"` : value}`;
