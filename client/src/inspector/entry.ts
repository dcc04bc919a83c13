import type {Channels} from './positions.js';

/** A line of the list. */
export interface Entry {
  /** `event`: of the application; `service`: of the bundle; `page`: a remark of this page. */
  kind: 'event' | 'service' | 'page';
  at: Date;
  type: string;
  data: string;
  /** The position after it in all channels; empty if it has none. */
  id: string;
  /** The channels in which it moves the position. */
  moves: Channels;
  /** How long it took, if this page has sent it. */
  latency?: number;
}

export function isKeepAlive({kind, type}: Entry): boolean {
  return kind === 'service' && type === 'keep-alive';
}

/** Whether a type is one of the bundle's own. */
export function kindOf(type: string): Entry['kind'] {
  return type.startsWith('stream-') || type === 'keep-alive' || type === '' ? 'service' : 'event';
}

/** Whether the type, the id or the data contains the text, in upper or lower case. */
export function contains({type, id, data}: Entry, text: string): boolean {
  const wanted = text.toLowerCase();
  return [type, id, data].some(part => part.toLowerCase().includes(wanted));
}
