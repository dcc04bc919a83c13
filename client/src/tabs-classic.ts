import {root} from './root.js';
import {shareTabs} from './tabs.js';

Object.assign(root, {shareTabs});
