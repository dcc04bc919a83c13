const FIRST_DELAY = 5000;
const LONGEST_DELAY = 30_000;
const LONGEST_REQUESTED = 600_000;
const HEALTHY = 10_000; // less than the time between two nodes of a rolling restart

/**
 * The time before the next attempt: 1 to 5 s after the first failure, growing to 6 to 30 s, always random.
 *
 * Only a connection that lived for ten seconds makes the next failure the first one again.
 */
export class Backoff {
  #failures = 0;

  /** The next delay; what the server asks for counts for the first failure only. */
  next(requested?: number): number {
    const failures = this.#failures++;
    return failures === 0 && requested !== undefined ? bounded(requested) : jittered(FIRST_DELAY * 2 ** failures);
  }

  /** The delay after the server refused a connection because it has no room: at least as long as the server asks for. */
  static refused(requested = NaN): number {
    return requested > 0 ? bounded(requested) * (1 + 0.5 * Math.random()) : jittered(LONGEST_DELAY);
  }

  /** The delay when a page wakes up, if the present one is longer. */
  static awake(left: number): number {
    return left > FIRST_DELAY ? jittered(FIRST_DELAY) : left;
  }

  /**
   * A connection has ended.
   *
   * @param lived how many milliseconds it lasted; NaN if it never opened
   * @return whether it was healthy
   */
  forgive(lived: number): boolean {
    if (!(lived >= HEALTHY)) return false;
    this.#failures = 0;
    return true;
  }
}

function bounded(requested: number): number {
  return Math.min(LONGEST_REQUESTED, requested);
}

function jittered(longest: number): number {
  return Math.min(LONGEST_DELAY, longest) * (0.2 + 0.8 * Math.random());
}
