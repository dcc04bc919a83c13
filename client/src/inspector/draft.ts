import {isJson} from './text.js';

/** An event to send, as written in the form. */
export interface Draft {
  channel: string;
  type: string;
  data: string;
  /** Whether the data is JSON; otherwise it is text. */
  json: boolean;
}

/** The answer to a post: the event's id (empty if it is not stored), or why it was not sent. */
export type Answer = {id: string} | {problem: string; mayHaveBeenSent?: boolean};

/**
 * Posts an event. A token goes nowhere but into the header.
 *
 * @param key makes a repeated post harmless
 */
export async function send(url: URL, token: string, draft: Draft, key: string): Promise<Answer> {
  if (draft.json && !isJson(draft.data)) return {problem: 'The data is not JSON. Correct it, or send it as text.'};
  let response: Response;
  try {
    response = await fetch(url, {
      method: 'POST',
      headers: {'Content-Type': 'application/json', Authorization: `Bearer ${token}`},
      credentials: 'omit',
      cache: 'no-store',
      body: bodyOf(draft, key)
    });
  } catch {
    return {problem: 'The service does not answer. The event may have been sent. In a stored channel, sending it again does not repeat it.', mayHaveBeenSent: true};
  }
  const answer = await response.json().catch(() => ({})) as {id?: string | null; message?: string};
  if (response.status === 201) return {id: answer.id ?? ''};
  return {problem: `${problemOf(response.status)} (${response.status})${answer.message ? `: ${answer.message}` : '.'}`, mayHaveBeenSent: response.status >= 500};
}

function problemOf(status: number): string {
  switch (status) {
    case 401: return 'The token is not valid here';
    case 403: return 'This token may not send to that channel';
    case 409: return 'The channel is finished';
    case 413: return 'The event is too long';
    case 429: return 'This token sends too fast';
    default: return status < 500 ? 'The event was not sent' : 'The service failed';
  }
}

/** The JSON to post. JSON data is not parsed, so its numbers keep all their digits. */
export function bodyOf({channel, type, data, json}: Draft, key: string): string {
  const fields = Object.entries({channel, ...(type && {type}), idempotencyKey: key}).map(field);
  return `{${[...fields, json ? `"data":${data}` : field(['text', data])].join()}}`;
}

function field([name, value]: [string, string]): string {
  return `${JSON.stringify(name)}:${JSON.stringify(value)}`;
}
