const LONGEST_ANSWER = 500; // characters of an answer's body that are shown

/** How a connection ended. */
export interface Outcome {
  /** In words for people. */
  text: string;
  /** Whether trying again is useless. */
  isFinal?: boolean;
  /** Whether the service has no room. */
  isFull?: boolean;
  /** After how many milliseconds the service wants the next attempt. */
  wait?: number | undefined;
}

/** The outcome of an answer that is not a stream. */
export async function outcomeOf(response: Response): Promise<Outcome> {
  const {status, headers} = response;
  if (status === 200) {
    const type = headers.get('Content-Type') ?? 'without a type';
    return {text: `The answer is not a stream: ${type}. Perhaps the application wants you to sign in.`, isFinal: true};
  }
  if (status === 204) return {text: 'Every channel is finished, and everything was delivered.', isFinal: true};
  const answer = (await response.text().catch(() => '')).trim().slice(0, LONGEST_ANSWER);
  const text = `${meaningOf(status)} (${status})${answer === '' ? '.' : `: ${answer}`}`;
  if (status === 429 || status === 503) return {text, isFull: true, wait: retryAfter(headers)};
  return {text, isFinal: status < 500 && status !== 404}; // a proxy may answer 404 during a deploy
}

function meaningOf(status: number): string {
  switch (status) {
    case 400: return 'The service does not accept this request';
    case 401: return 'The service does not accept these credentials';
    case 403: return 'The service refuses this request';
    case 404: return 'There is no stream at this address';
    case 414: case 431: return 'The position makes the request too long';
    case 429: return 'You have too many streams';
    case 503: return 'The service has no room at the moment';
    case 502: case 504: return 'A proxy does not reach the service';
    default: return status < 500 ? 'The service refuses this request' : 'The service failed';
  }
}

function retryAfter(headers: Headers): number {
  const after = headers.get('Retry-After') ?? '';
  return Number(after) * 1000 || Date.parse(after) - Date.now();
}

/** The outcome that a `stream-error` announces. */
export function outcomeOfError(data: string, isFinal: boolean, wait: number | undefined): Outcome {
  const {condition, text, channels} = fieldsOf(data);
  const named = Array.isArray(channels) && channels.length > 0 ? ` Channels: ${channels.join(', ')}.` : '';
  return {
    text: `The service ended the stream (${condition ?? 'no condition'}): ${text ?? 'no text.'}${named}`,
    isFinal,
    isFull: condition === 'busy' || condition === 'too-many-streams',
    wait
  };
}

/** The fields of an event of the service; none if the data is not an object. */
export function fieldsOf(data: string): Record<string, unknown> {
  try {
    return Object(JSON.parse(data)) as Record<string, unknown>;
  } catch {
    return {};
  }
}
