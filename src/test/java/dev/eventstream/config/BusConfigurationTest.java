package dev.eventstream.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.eventstream.bus.Bus;
import dev.eventstream.bus.MemoryBus;
import dev.eventstream.bus.nats.NatsBus;
import dev.eventstream.bus.postgres.PostgresBus;
import dev.eventstream.bus.redis.RedisBus;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.db.DataSourceFactory;
import io.dropwizard.jackson.Jackson;
import io.dropwizard.util.Duration;
import java.io.IOException;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BusConfigurationTest {
    private static final ObjectMapper YAML = Jackson.newObjectMapper(new YAMLFactory())
            // as Dropwizard reads configuration files
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

    private static BusFactory parse(String yaml) throws IOException {
        return YAML.readValue(yaml, BusFactory.class);
    }

    private static Optional<Bus> build(String yaml, LogDatabase database) throws IOException {
        return parse(yaml).build(new BusFactory.Setup(new Environment("test"), database, Duration.seconds(1)));
    }

    private static LogDatabase database(String url) {
        DataSourceFactory settings = new DataSourceFactory();
        settings.setUrl(url);
        return LogDatabase.of(settings, Jdbi.create(url));
    }

    @Test
    void the_default_is_the_database_and_a_poll_every_second() {
        EventStreamFactory factory = new EventStreamFactory();

        assertThat(factory.getBus()).isInstanceOf(DatabaseBusFactory.class);
        assertThat(factory.getPollInterval()).isEqualTo(Duration.seconds(1));
    }

    @Test
    void with_a_fast_bus_a_node_polls_less_often_unless_the_interval_is_set() throws Exception {
        EventStreamFactory factory = new EventStreamFactory();
        factory.setBus(parse("{type: redis}"));

        assertThat(factory.getPollInterval()).isEqualTo(Duration.seconds(10));
        factory.setPollInterval(Duration.seconds(3));
        assertThat(factory.getPollInterval()).isEqualTo(Duration.seconds(3));
    }

    @Test
    void each_type_builds_its_bus_without_connecting() throws Exception {
        LogDatabase postgres = database("jdbc:postgresql://localhost:1/none");

        assertThat(build("{type: database}", postgres))
                .hasValueSatisfying(bus -> assertThat(bus.isFast()).isFalse());
        assertThat(build("{type: postgres}", postgres)).containsInstanceOf(PostgresBus.class);
        assertThat(build("{type: redis, uri: 'rediss://u:p@localhost:1/3', key: app}", LogDatabase.none()))
                .containsInstanceOf(RedisBus.class);
        assertThat(build("{type: nats, servers: ['nats://localhost:1', 'tls://u:p@b:2']}", LogDatabase.none()))
                .containsInstanceOf(NatsBus.class);
        assertThat(build("{type: memory, name: an-engine-of-the-application}", LogDatabase.none()))
                .containsInstanceOf(MemoryBus.class);
    }

    @Test
    void an_application_with_its_own_store_has_no_database_bus() throws Exception {
        assertThat(build("{type: database}", LogDatabase.none())).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{type: redys}", "{}", "redis", "{type: redis, host: a}", "{type: database, uri: a}"})
    void an_unknown_type_or_key_is_refused(String yaml) {
        assertThatThrownBy(() -> parse(yaml)).isInstanceOf(IOException.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{type: postgres, url: 'jdbc:mysql://u:secret@h/x'} | eventStream.bus.url does not begin with",
                "{type: postgres, channel: 'a b'}                   | eventStream.bus.channel is \"a b\"; allowed are 1 to 63",
                "{type: postgres, channel: 'a; DROP TABLE x'}       | eventStream.bus.channel is",
                "{type: postgres, channel: ''}                      | eventStream.bus.channel is \"\"",
                "{type: redis, uri: 'http://u:secret@h:1'}          | eventStream.bus.uri is not a Redis address; allowed is redis://",
                "{type: redis, uri: 'redis://h'}                    | eventStream.bus.uri is not a Redis address",
                "{type: redis, uri: 'redis://u:secret@h:99999'}     | eventStream.bus.uri is not a Redis address",
                "{type: redis, uri: 'redis://u:sec ret@h:1'}        | eventStream.bus.uri is malformed at character 8",
                "{type: redis, key: ''}                             | eventStream.bus.key is \"\"; allowed are 1 to 255",
                "{type: nats, servers: []}                          | eventStream.bus.servers is empty",
                "{type: nats, servers: ['nats://u:secret@h']}       | eventStream.bus.servers[0] is not a NATS address",
                "{type: nats, servers: ['nats://h:1','x'] }         | eventStream.bus.servers[1] is not a NATS address",
                "{type: nats, subject: 'a.*'}                       | eventStream.bus.subject is \"a.*\"; allowed are words",
                "{type: nats, subject: 'a..b'}                      | eventStream.bus.subject is \"a..b\"",
            })
    void an_invalid_value_is_refused_with_its_key_and_no_password_is_quoted(String yaml, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> build(yaml, database("jdbc:postgresql://localhost:1/none")))
                .withMessageContaining(message)
                .satisfies(e -> assertThat(e).message().doesNotContain("secret", "ret@"));
    }

    @Test
    void the_type_postgres_without_an_address_needs_postgresql_as_the_database() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> build("{type: postgres}", database("jdbc:h2:mem:none")))
                .withMessageContaining("eventStream.bus.url is missing, and the database is not PostgreSQL");
    }

    @Test
    void a_missing_library_is_reported_with_the_dependency_to_add() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Library.require("no.such.Driver", "eventStream.bus 'redis'", "redis.clients:jedis"))
                .withMessage("eventStream.bus 'redis' needs a library that is not on the class path; add the dependency"
                        + " redis.clients:jedis");
    }
}
