package dev.eventstream.subscriber;

import dev.eventstream.channel.ChannelName;
import dev.eventstream.stream.TypeFilter;
import java.util.List;

/**
 * What live streams of one cohort have in common.
 *
 * <p>Immutable.
 *
 * @param channels sorted by name
 * @param types the types of events that they show
 */
record Shape(List<ChannelName> channels, TypeFilter types) {
    static Shape of(Subscription subscription) {
        return new Shape(subscription.channels(), subscription.view().types());
    }
}
