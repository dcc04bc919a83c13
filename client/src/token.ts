/** A bearer token, alone or with the time at which it expires. A JWT contains that time. */
export type Token = string | {token: string; expiresAt: number | Date};

export type TokenSource = () => Token | null | undefined | Promise<Token | null | undefined>;

const MARGIN = 30_000;
const LONGEST_TIMER = 2 ** 31 - 1;

/** Keeps the token until it is due for renewal: 30 s before it expires, or at four fifths of a shorter life. */
export class TokenKeeper {
  readonly #source: TokenSource;
  #token: string | undefined;
  #dueAt = 0;

  constructor(source: TokenSource) {
    this.#source = source;
  }

  /** The present token; empty for an anonymous reader. */
  async get(): Promise<string> {
    return this.#token === undefined || Date.now() >= this.#dueAt ? this.renew() : this.#token;
  }

  /** Asks for a new token; keeps the old one if that fails. */
  async renew(): Promise<string> {
    const given = await this.#source() ?? '';
    const token = typeof given === 'string' ? given : given.token;
    const left = Number(typeof given === 'string' ? expiryOf(given) : given.expiresAt) - Date.now();
    // one that seems to have expired (the clocks differ) is used until the server refuses it
    this.#dueAt = left > 0 ? Date.now() + left - Math.min(MARGIN, left / 5) : Infinity;
    return this.#token = token;
  }

  /** The server refused the token. */
  drop(): void {
    this.#token = undefined;
  }

  /** Milliseconds until the token should be renewed; undefined if that need not be planned. */
  dueIn(): number | undefined {
    const left = this.#dueAt - Date.now();
    return left <= LONGEST_TIMER ? left : undefined;
  }
}

/** When a JWT expires, in milliseconds; NaN for any other token. */
function expiryOf(token: string): number {
  try {
    const payload = token.split('.')[1]?.replace(/-/g, '+').replace(/_/g, '/') ?? '';
    return JSON.parse(atob(payload)).exp * 1000;
  } catch {
    return NaN;
  }
}
