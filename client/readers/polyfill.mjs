// what the bundle serves as event-source-polyfill.js and .mjs
export {EventSourcePolyfill} from 'event-source-polyfill';
