package dev.eventstream.benchmarks.peer;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.eventstream.EventStreamBundle;
import dev.eventstream.config.EventStreamFactory;
import io.dropwizard.core.Application;
import io.dropwizard.core.Configuration;
import io.dropwizard.core.setup.Bootstrap;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.db.DataSourceFactory;

/** The smallest application with the bundle: everybody may read everything. {@link Ours} starts it. */
public final class MeasuredService extends Application<MeasuredService.Settings> {
    /** Its configuration. */
    public static final class Settings extends Configuration {
        @JsonProperty
        private DataSourceFactory database = new DataSourceFactory();

        @JsonProperty
        private EventStreamFactory eventStream = new EventStreamFactory();
    }

    private final EventStreamBundle<Settings> events = EventStreamBundle.<Settings>builder()
            .configuration(settings -> settings.eventStream)
            .database(settings -> settings.database)
            .authorizer((reader, channel) -> true)
            .build();

    public static void main(String[] arguments) throws Exception {
        new MeasuredService().run(arguments);
    }

    @Override
    public void initialize(Bootstrap<Settings> bootstrap) {
        bootstrap.addBundle(events);
    }

    @Override
    public void run(Settings settings, Environment environment) {}
}
