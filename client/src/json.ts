/** The value if the text is JSON, otherwise the text. */
export function decode(text: string): any {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
