export {EventStreamClient} from './client.js';
export type {EventInfo, EventMap, EventStreamOptions, Gap, Reports, Stats, StreamEvent} from './client.js';
export type {Share, Status, StreamError} from './source.js';
export type {StateAt, StateSource} from './state.js';
export type {Token, TokenSource} from './token.js';
