package dev.eventstream.config;

import com.fasterxml.jackson.annotation.JsonTypeName;
import dev.eventstream.bus.Bus;
import dev.eventstream.bus.jdbi.JdbiBus;
import io.dropwizard.util.Duration;
import java.time.Clock;
import java.util.Optional;

/** {@code bus: {type: database}}, the default: nodes leave messages for one another in the database. */
@JsonTypeName("database")
public final class DatabaseBusFactory implements BusFactory {

    @Override
    public Optional<Bus> build(Setup setup) {
        return setup.database()
                .connections()
                .map(jdbi -> new JdbiBus(
                        jdbi, Clock.systemUTC(), setup.pollInterval().toJavaDuration()));
    }

    @Override
    public Duration defaultPollInterval() {
        return Duration.seconds(1);
    }
}
