package dev.eventstream.monitoring;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.eventstream.EventStream;
import dev.eventstream.EventStreamBundle;
import dev.eventstream.config.EventStreamFactory;
import io.dropwizard.core.Application;
import io.dropwizard.core.Configuration;
import io.dropwizard.core.setup.Bootstrap;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.db.DataSourceFactory;
import io.prometheus.metrics.exporter.servlet.jakarta.PrometheusMetricsServlet;
import io.prometheus.metrics.instrumentation.dropwizard.DropwizardExports;
import io.prometheus.metrics.model.registry.PrometheusRegistry;

/** An application that exposes its metrics to Prometheus with the lines of docs/METRICS.md. */
public final class MonitoredService extends Application<MonitoredService.Settings> {
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
            .authorizer((reader, channel) -> !channel.value().startsWith("secret-"))
            .build();

    EventStream eventStream() {
        return events.eventStream();
    }

    @Override
    public void initialize(Bootstrap<Settings> bootstrap) {
        bootstrap.addBundle(events);
    }

    @Override
    public void run(Settings settings, Environment environment) {
        PrometheusRegistry prometheus = new PrometheusRegistry();
        DropwizardExports.builder().dropwizardRegistry(environment.metrics()).register(prometheus);
        environment
                .admin()
                .addServlet("prometheus", new PrometheusMetricsServlet(prometheus))
                .addMapping("/prometheus");
    }
}
