// A page in TypeScript, as a user writes it. It is only compiled, against the published types.
import {EventStreamClient, type StreamError} from 'dropwizard-eventstream';
import {connectDatastar, eventSourceOf} from 'dropwizard-eventstream/adapter';
import {shareTabs} from 'dropwizard-eventstream/tabs';

interface Order {
  id: number;
  item: string;
}

type Events = {ordered: Order; typing: string};

const stream = new EventStreamClient<Events, Order[]>(async () => '/events?channel=orders', {
  token: async () => ({token: 'secret', expiresAt: Date.now() + 60_000}),
  state: async () => ({state: [{id: 1, item: 'tea'}], lastEventId: 'orders=k3f9x2-41'}),
  onGap: ({channels, lost}) => console.log(channels.join(), lost.toFixed()),
  share: shareTabs('orders of ann'),
  signal: AbortSignal.timeout(1000)
});

stream
  .on('ordered', (order, info) => console.log(order.item.length, info.id.length))
  .once('typing', name => console.log(name.length))
  .on('state', orders => orders.map(order => order.id))
  .on('reset', channels => channels.join())
  .on('error', (error: StreamError) => console.log(error.condition, error.status?.toFixed()))
  .on('status', status => status === 'waiting')
  .off('typing')
  .addChannels(['a'], 'a=x-1')
  .removeChannels('a');

for await (const {type, data} of stream.events('ordered')) console.log(type, data.item);
for await (const event of stream) console.log(event.id, stream.stats.received, stream.status);

// @ts-expect-error the data of an order has no price
stream.on('ordered', order => order.price);
// @ts-expect-error there is no such option
new EventStreamClient('/events', {lastEventID: 'a=x-1'});
// @ts-expect-error the statistics are not the page's
stream.stats.received = 0;

eventSourceOf(stream).onerror = event => console.log(event.type);
connectDatastar(stream);
stream.close();
