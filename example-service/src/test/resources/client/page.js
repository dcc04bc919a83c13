// what a page of the manual uses without showing it
window.log = [];
const token = Date.now() + 3_600_000;
const show = order => log.push(order);
const loadStateAgain = channels => log.push(`reset ${channels}`);
