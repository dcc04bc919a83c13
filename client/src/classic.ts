import {EventStreamClient} from './client.js';
import {root} from './root.js';

Object.assign(root, {EventStreamClient});
