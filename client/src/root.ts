/** The global object: of a page, a worker, or Node. */
export const root = (typeof self === 'undefined' ? globalThis : self) as typeof globalThis;
