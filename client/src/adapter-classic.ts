import {connectDatastar, eventSourceOf} from './adapter.js';
import {root} from './root.js';

Object.assign(root, {connectDatastar, eventSourceOf});
