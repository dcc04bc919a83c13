// what the bundle serves as reconnecting-eventsource.js and .mjs
export {default as ReconnectingEventSource} from 'reconnecting-eventsource';
