/** The global object: of a page, a worker, or Node. Tests replace it. */
export const root = globalThis;
