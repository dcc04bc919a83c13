package dev.eventstream;

import dev.eventstream.config.EventStreamFactory;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.db.PooledDataSourceFactory;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the bundle's builder was given, as far as commands need it.
 *
 * <p>Immutable.
 *
 * @param configuration finds the {@code eventStream} block
 * @param database finds the database; null if the application supplies the store
 * @param log opens the log with few connections; it changes the settings of the pool
 * @param startChecks what the bundle checks at start besides the single values; throws {@link IllegalArgumentException}
 * @param <C> the application's configuration
 */
record CommandSources<C>(
        Function<C, EventStreamFactory> configuration,
        @Nullable Function<C, PooledDataSourceFactory> database,
        BiFunction<C, Environment, LogSource> log,
        Consumer<EventStreamFactory> startChecks) {

    /** The {@code eventStream} block. */
    EventStreamFactory factory(C configured) {
        return Required.fromFunction(
                configuration.apply(configured),
                "configuration",
                "the eventStream block of config.yml is missing or empty. Write at least `eventStream: {}`, or initialise the"
                        + " field of your configuration class with new EventStreamFactory()");
    }
}
