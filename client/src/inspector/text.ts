/** Longest JSON that is indented, in characters. */
const LONGEST_JSON = 100_000;
/** Deeper levels are not indented further: the result must not be much longer than the text. */
const DEEPEST = 20;

const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],:]|[^\s{}[\],:"]+/g;

/**
 * JSON with line breaks and indentation; undefined if the text is not JSON, or too long.
 *
 * All tokens stay as they are, so a number keeps all its digits and a repeated name appears twice, unlike after `JSON.parse`.
 */
export function indented(text: string): string | undefined {
  if (text.length > LONGEST_JSON || !isJson(text)) return undefined;
  let depth = 0;
  let before = '';
  let result = '';
  for (const [token] of text.matchAll(TOKEN)) {
    const opens = token === '{' || token === '[';
    const closes = token === '}' || token === ']';
    const isEmpty = closes && (before === '{' || before === '[');
    if (closes) depth--;
    if (!isEmpty && (closes || before === ',' || before === '{' || before === '[')) result += newLine(depth);
    result += token === ':' ? ': ' : token;
    if (opens) depth++;
    before = token;
  }
  return result;
}

function newLine(depth: number): string {
  return `\n${'  '.repeat(Math.min(depth, DEEPEST))}`;
}

export function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** The beginning of a text. A character of two code units is not cut in half. */
export function beginning(text: string, length: number): string {
  if (text.length <= length) return text;
  return text.slice(0, /[\uD800-\uDBFF]/.test(text.charAt(length - 1)) ? length - 1 : length);
}

/** An address as it may be shown: without a token in its query. */
export function masked(address: string): string {
  return address.replace(/([?&]access_token=)[^&#]*/g, '$1…');
}

/** The size of a text in UTF-8, such as `28 bytes` or `1.2 kB`. */
export function sizeOf(text: string): string {
  const bytes = new TextEncoder().encode(text).length;
  if (bytes < 1000) return bytes === 1 ? '1 byte' : `${bytes} bytes`;
  return bytes < 1_000_000 ? `${(bytes / 1000).toFixed(1)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** A duration in milliseconds, such as `12 ms` or `1.5 s`. */
export function durationOf(millis: number): string {
  return millis < 1000 ? `${Math.round(millis)} ms` : `${(millis / 1000).toFixed(1)} s`;
}
