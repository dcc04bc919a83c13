package dev.eventstream.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.eventstream.EventStreamBundle;
import dev.eventstream.channel.ChannelAuthorizer;
import dev.eventstream.channel.ChannelName;
import dev.eventstream.channel.ChannelPattern;
import dev.eventstream.channel.Reader;
import dev.eventstream.channel.RouteOptions;
import dev.eventstream.retention.RetentionRule;
import dev.eventstream.retention.RetentionRules;
import dev.eventstream.store.memory.MemoryEventStore;
import io.dropwizard.configuration.ConfigurationException;
import io.dropwizard.configuration.DefaultConfigurationFactoryFactory;
import io.dropwizard.core.Configuration;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.db.DataSourceFactory;
import io.dropwizard.jackson.Jackson;
import io.dropwizard.jersey.validation.Validators;
import io.dropwizard.util.Duration;
import jakarta.validation.Valid;
import jakarta.validation.Validator;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code eventStream} as Dropwizard reads it: its defaults, and the messages about invalid values. */
class ConfigurationTest {
    private static final Validator VALIDATOR = Validators.newValidator();
    private static final String DENIER = Nobody.class.getName();

    /** An application's configuration. */
    public static final class Settings extends Configuration {
        @Valid
        @JsonProperty
        private EventStreamFactory eventStream = new EventStreamFactory();
    }

    /** Allows no reader anything. */
    public static final class Nobody implements ChannelAuthorizer {
        @Override
        public boolean mayRead(Reader reader, ChannelName channel) {
            return false;
        }
    }

    /** Cannot be created from its name alone. */
    public static final class Needy implements ChannelAuthorizer {
        private final boolean answer;

        public Needy(boolean answer) {
            this.answer = answer;
        }

        @Override
        public boolean mayRead(Reader reader, ChannelName channel) {
            return answer;
        }
    }

    /** Cannot be created at all. */
    public static final class Failing implements ChannelAuthorizer {
        public Failing() {
            throw new IllegalStateException("no rules");
        }

        @Override
        public boolean mayRead(Reader reader, ChannelName channel) {
            return false;
        }
    }

    private static Settings parse(String eventStream) throws IOException, ConfigurationException {
        String yaml = "server: {applicationConnectors: [{type: http}]}\neventStream: {" + eventStream + "}\n";
        return new DefaultConfigurationFactoryFactory<Settings>()
                .create(Settings.class, VALIDATOR, Jackson.newObjectMapper(), "dw")
                .build(path -> new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8)), "config.yml");
    }

    /** Runs the bundle as an application would. */
    private static void run(Settings settings) {
        EventStreamBundle.<Settings>builder()
                .configuration(configured -> configured.eventStream)
                .database(configured -> new DataSourceFactory())
                .build()
                .run(settings, new Environment("test"));
    }

    private static void assertDoesNotStart(String eventStream, String message) {
        assertThatThrownBy(() -> run(parse(eventStream)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @Test
    void omitted_keys_have_defaults() throws Exception {
        EventStreamFactory factory = parse("").eventStream;

        assertThat(factory.getAuthorizer()).isNull();
        assertThat(factory.getKeepAlive()).isEqualTo(Duration.seconds(20));
        assertThat(factory.getStallTimeout()).isEqualTo(Duration.seconds(30));
        assertThat(factory.getRetry().getMin()).isEqualTo(Duration.seconds(2));
        assertThat(factory.getRetry().getMax()).isEqualTo(Duration.seconds(6));
        assertThat(factory.getLimits().getChannelsPerStream()).isEqualTo(10);
        assertThat(factory.getLimits().getStreams()).isEqualTo(10_000);
        assertThat(factory.getLimits().getDataCharacters()).isEqualTo(1_048_576);
        assertThat(factory.getLimits().getMaxCatchUp()).isEqualTo(10_000);
        assertThat(factory.getRetention().getAge()).isEqualTo(Duration.hours(24));
        assertThat(factory.getRetention().getEvents()).isNull();
        assertThat(factory.getRetention().getRules()).isEmpty();
        assertThat(factory.getPollInterval()).isEqualTo(Duration.seconds(1));
        assertThat(factory.getSweepInterval()).isEqualTo(Duration.seconds(1));
        assertThat(factory.getSendTimeout()).isEqualTo(Duration.seconds(10));
        assertThat(factory.getCatchUpThreads()).isEqualTo(4);
        assertThat(factory.getUnstored()).isEmpty();
        assertThat(factory.getRoutes()).singleElement().satisfies(route -> {
            assertThat(route.getPath()).isEqualTo("/events");
            assertThat(route.getChannels()).isEmpty();
            assertThat(route.getStart()).containsExactly("now");
            assertThat(route.getTypes()).isEmpty();
        });
        assertThat(factory.getAuth().isAccessTokenParameter()).isFalse();
        assertThat(factory.getAuth().getCookies()).isEmpty();
        assertThat(factory.cors()).isEmpty();
        assertThat(factory.publish()).isEmpty();
        assertThat(factory.clientScript()).isEmpty();
        assertThat(factory.isInspector()).isFalse();
    }

    @Test
    void omitted_keys_of_cors_and_publish_have_defaults() throws Exception {
        EventStreamFactory factory = parse(
                        "cors: {allowedOrigins: [\"https://a.example\"]}, publish: {tokens: [0123456789abcdef]}")
                .eventStream;

        assertThat(factory.cors()).hasValueSatisfying(cors -> {
            assertThat(cors.getAllowedOrigins()).containsExactly("https://a.example");
            assertThat(cors.isAllowCredentials()).isFalse();
            assertThat(cors.getAllowedHeaders()).isEqualTo(Set.of("Authorization", "Last-Event-ID", "Cache-Control"));
            assertThat(cors.getMaxAge()).isEqualTo(Duration.hours(1));
        });
        assertThat(factory.publish()).hasValueSatisfying(publish -> {
            assertThat(publish.getPath()).isEqualTo("/events");
            assertThat(publish.getTokens()).containsExactly("0123456789abcdef");
            assertThat(publish.getMaxBodyBytes()).isEqualTo(4_194_304);
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "keepAlive     | 1s    | 999ms   | 999 milliseconds | 1s to 1h",
                "keepAlive     | 1h    | 3601s   | 3601 seconds     | 1s to 1h",
                "stallTimeout  | 1s    | 999ms   | 999 milliseconds | 1s to 1h",
                "stallTimeout  | 1h    | 61m     | 61 minutes       | 1s to 1h",
                "retry.min     | 100ms | 99ms    | 99 milliseconds  | 100ms to 1h",
                "retry.min     | 1h    | 3601s   | 3601 seconds     | 100ms to 1h",
                "retry.max     | 100ms | 99ms    | 99 milliseconds  | 100ms to 1h",
                "retry.max     | 1h    | 3601s   | 3601 seconds     | 100ms to 1h",
                "limits.channelsPerStream | 1     | 0       | 0                | 1 to 255",
                "limits.channelsPerStream | 255   | 256     | 256              | 1 to 255",
                "limits.streams | 1     | 0       | 0                | 1 to 1000000",
                "limits.streams | 1000000 | 1000001 | 1000001        | 1 to 1000000",
                "limits.streamsPerPrincipal | 1 | 0 | 0 | 1 to 1000000",
                "limits.streamsPerPrincipal | 1000000 | 1000001 | 1000001 | 1 to 1000000",
                "limits.streamsPerAddress | 1 | 0 | 0 | 1 to 1000000",
                "limits.streamsPerAddress | 1000000 | 1000001 | 1000001 | 1 to 1000000",
                "limits.channelSetsPerAddress | 1 | 0 | 0 | 1 to 1000000",
                "limits.channelSetsPerAddress | 1000000 | 1000001 | 1000001 | 1 to 1000000",
                "limits.newStreamsPerSecond | 1 | 0 | 0 | 1 to 1000000",
                "limits.newStreamsPerSecond | 1000000 | 1000001 | 1000001 | 1 to 1000000",
                "limits.newStreamsPerSecondPerAddress | 1 | 0 | 0 | 1 to 1000000",
                "limits.newStreamsPerSecondPerAddress | 1000000 | 1000001 | 1000001 | 1 to 1000000",
                "limits.startsAtOnce | 1 | 0 | 0 | 1 to 10000",
                "limits.startsAtOnce | 10000 | 10001 | 10001 | 1 to 10000",
                "limits.maxCatchUp | 1 | 0 | 0 | 1 to 1000000",
                "limits.maxCatchUp | 1000000 | 1000001 | 1000001 | 1 to 1000000",
                "limits.feeds | 1 | 0 | 0 | 1 to 10000000",
                "limits.feeds | 10000000 | 10000001 | 10000001 | 1 to 10000000",
                "limits.anonymousLinks | 1 | 0 | 0 | 1 to 1000000",
                "limits.anonymousLinks | 1000000 | 1000001 | 1000001 | 1 to 1000000",
                "limits.publishEventsPerSecond | 1 | 0 | 0 | 1 to 1000000",
                "limits.publishEventsPerSecond | 1000000 | 1000001 | 1000001 | 1 to 1000000",
                "limits.publishBytesPerSecond | 100 | 99 | 99 | 100 to 1073741824",
                "limits.publishBytesPerSecond | 1073741824 | 1073741825 | 1073741825 | 100 to 1073741824",
                "limits.dataCharacters | 1 | 0       | 0                | 1 to 16777216",
                "limits.dataCharacters | 16777216 | 16777217 | 16777217 | 1 to 16777216",
                "retention.age | 1m    | 59s     | 59 seconds       | 1m to 3650d",
                "retention.age | 3650d | 3651d   | 3651 days        | 1m to 3650d",
                "sweepInterval | 100ms | 99ms    | 99 milliseconds  | 100ms to 1m",
                "sweepInterval | 1m    | 61s     | 61 seconds       | 100ms to 1m",
                "retention.events | 1 | 0 | 0 | 1 to 1000000000",
                "retention.events | 1000000000 | 1000000001 | 1000000001 | 1 to 1000000000",
                "pollInterval  | 50ms  | 49ms    | 49 milliseconds  | 50ms to 1m",
                "pollInterval  | 1m    | 61s     | 61 seconds       | 50ms to 1m",
                "sendTimeout   | 100ms | 99ms    | 99 milliseconds  | 100ms to 5m",
                "sendTimeout   | 5m    | 301s    | 301 seconds      | 100ms to 5m",
                "deliveryCheckTimeout | 1s | 999ms | 999 milliseconds | 1s to 1m",
                "deliveryCheckTimeout | 1m | 61s | 61 seconds | 1s to 1m",
                "catchUpThreads | 1    | 0       | 0                | 1 to 64",
                "catchUpThreads | 64   | 65      | 65               | 1 to 64",
            })
    void a_value_beyond_its_bound_is_refused(String key, String atBound, String beyond, String said, String allowed) {
        assertThatCode(() -> parse(yaml(key, atBound))).doesNotThrowAnyException();
        assertRefused(yaml(key, beyond), "eventStream." + key + " is " + said + "; allowed is " + allowed);
    }

    private static String yaml(String key, String value) {
        return key.replace(".", ": {") + ": " + value + "}".repeat(key.split("\\.", -1).length - 1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "publish: {tokens: [0123456789abcdef], maxBodyBytes: 1000} | publish: {tokens: [0123456789abcdef],"
                        + " maxBodyBytes: 999} | publish.maxBodyBytes is 999; allowed is 1000 to 67108864",
                "publish: {tokens: [0123456789abcdef], maxBodyBytes: 67108864} | publish: {tokens: [0123456789abcdef],"
                        + " maxBodyBytes: 67108865} | publish.maxBodyBytes is 67108865; allowed is 1000 to 67108864",
                "publish: {senders: [{name: a, token: 0123456789abcdef}]} | publish: {} | publish has neither tokens"
                        + " nor senders, so nobody could send; set one of them",
                "publish: {senders: [{name: a, sha256:"
                        + " aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa}]} | publish: {senders:"
                        + " [{name: a, sha256: abc}]} | publish.senders has a sha256 that is not allowed; allowed are 64"
                        + " hexadecimal digits, as sha256sum prints them for the token without a line end",
                "publish: {senders: [{name: a, token: 0123456789abcdef}]} | publish: {senders: [{name: a, token:"
                        + " 0123456789abcdef, sha256: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa}]}"
                        + " | publish.senders has an entry with both token and sha256, or neither; set one",
                "publish: {senders: [{name: a.b_c-1, token: 0123456789abcdef}]} | publish: {senders: [{name: a}]} |"
                        + " publish.senders has an entry with both token and sha256, or neither; set one",
                "publish: {senders: [{name: a, token: 0123456789abcdef}]} | publish: {senders: [{name: 'a b', token:"
                        + " 0123456789abcdef}]} | publish.senders has an entry without a usable name; allowed are 1 to 100"
                        + " letters, digits and -_.",
                "publish: {senders: [{name: a, token: 0123456789abcdef}]} | publish: {senders: [{token:"
                        + " 0123456789abcdef}]} | publish.senders has an entry without a usable name; allowed are 1 to 100"
                        + " letters, digits and -_.",
                "publish: {senders: [{name: a, token: 0123456789abcdef, channels: ['a-*']}]} | publish: {senders:"
                        + " [{name: a, token: 0123456789abcdef, channels: []}]} | publish.senders[0].channels must not be"
                        + " empty",
                "clientAddress: {header: Fastly-Client-IP} | clientAddress: {header: 'X: y'} | clientAddress.header is"
                        + " not the name of a header; allowed are names such as X-Forwarded-For, of letters, digits and -",
                "cors: {allowedOrigins: ['*'], maxAge: 0s} | cors: {allowedOrigins: ['*'], maxAge: 25h} | cors.maxAge"
                        + " is 25 hours; allowed is 0s to 1d",
                "cors: {allowedOrigins: ['*'], maxAge: 1d} | cors: {allowedOrigins: []} | cors.allowedOrigins must not"
                        + " be empty",
                "cors: {allowedOrigins: ['http://localhost:3000']} | cors: {allowedOrigins: ['*',"
                        + " 'https://a.example']} | cors.allowedOrigins has an entry that is neither \"*\" alone nor like"
                        + " https://app.example.com",
                "cors: {allowedOrigins: ['https://a.example'], allowCredentials: true} | cors: {allowedOrigins: ['*'],"
                        + " allowCredentials: true} | cors.allowCredentials is true, which is not allowed with"
                        + " allowedOrigins \"*\"",
                "cors: {allowedOrigins: ['https://a.example']} | cors: {allowedOrigins: ['https://a.example/']} |"
                        + " cors.allowedOrigins has an entry that is neither \"*\" alone nor like https://app.example.com",
                "routes: [{}] | routes: [] | routes must not be empty",
                "routes: [{path: /a}] | routes: [{path: null}] | routes[0].path must not be null",
                "routes: [{start: [now]}] | routes: [{start: null}] | routes[0].start must not be null",
                "routes: [{types: [a]}] | routes: [{types: null}] | routes[0].types must not be null",
                "routes: [{types: [a]}] | routes: [{types: [null]}] | routes[0].types[0].<list element> must not be null",
                "routes: [{start: [now]}] | routes: [{start: [null]}] | routes[0].start[0].<list element> must not be"
                        + " null",
            })
    void invalid_values_in_nested_blocks_are_refused(String fine, String beyond, String message) {
        assertThatCode(() -> parse(fine)).doesNotThrowAnyException();
        assertRefused(beyond, "eventStream." + message);
    }

    private static void assertRefused(String eventStream, String message) {
        assertThatThrownBy(() -> parse(eventStream))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("config.yml has an error:%n  * %s%n".formatted(message));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "keepAlive: null",
                "stallTimeout: null",
                "retry: null",
                "limits: null",
                "retention: null",
                "retry: {min: null}",
                "retry: {max: null}",
                "retention: {age: null}",
                "sweepInterval: null",
                "sendTimeout: null",
                "retention: {rules: null}",
                "retention: {rules: [null]}",
                "retention: {rules: [{age: 1h}]}",
                "retention: {rules: [{channels: null, age: 1h}]}",
                "retention: {rules: [{channels: '', age: 1h}]}",
                "retention: {rules: [{channels: a, age: 999ms}]}",
                "retention: {rules: [{channels: a, age: 3651d}]}",
                "retention: {rules: [{channels: a, events: 0}]}",
                "retention: {rules: [{channels: a, events: 1000000001}]}",
                "limits: {streams: null}",
                "clientAddress: null",
                "clientAddress: {trustedProxies: null}",
                "clientAddress: {trustedProxies: [null]}",
                "clientAddress: {header: null}",
                "publish: {senders: null}",
                "publish: {senders: [null]}",
                "publish: {senders: [{name: null, token: 0123456789abcdef}]}",
                "publish: {senders: [{name: a, token: 0123456789abcdef, channels: null}]}",
                "unstored: null",
                "unstored: [null]",
                "latest: null",
                "latest: [null]",
                "routes: null",
                "routes: [null]",
                "auth: null",
                "auth: {cookies: null}",
                "auth: {cookies: [null]}",
                "auth: {cookies: ['']}",
                "cors: {}",
                "cors: {allowedOrigins: null}",
                "cors: {allowedOrigins: [null]}",
                "cors: {allowedOrigins: ['*'], maxAge: null}",
                "cors: {allowedOrigins: ['*'], allowedHeaders: [null]}",
                "publish: {}",
                "publish: {tokens: null}",
                "publish: {tokens: [null]}",
                "publish: {tokens: [0123456789abcdef], path: null}",
            })
    void a_missing_value_is_an_error_with_its_key(String yaml) {
        assertThatThrownBy(() -> parse(yaml))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("eventStream.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "keepalive: 1s",
                "auth: {token: x}",
                "cors: {origins: []}",
                "publish: {token: x}",
                "routes: [{channel: a}]",
                "retention: {rules: [{channel: a}]}"
            })
    void an_unknown_key_is_an_error(String yaml) {
        assertThatThrownBy(() -> parse(yaml))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("Unrecognized field at: eventStream.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[secret-too-sho]",
                "[0123456789abcdef, 0123456789abcdef]",
                "['secret with blanks in it']",
                "[0123456789abcdef, secret]",
                "secret",
                "['secret-secret=secret']"
            })
    void an_unusable_token_is_never_quoted(String tokens) {
        assertThatThrownBy(() -> parse("publish: {tokens: " + tokens + "}"))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("eventStream.publish.tokens has ")
                .message()
                .doesNotContain("secret", "0123456789abcdef");
    }

    @Test
    void a_single_token_needs_no_list() throws Exception {
        assertThat(parse("publish: {tokens: 0123456789abcdef}")
                        .eventStream
                        .publish()
                        .map(PublishFactory::getTokens))
                .hasValue(List.of("0123456789abcdef"));
    }

    @Test
    void retention_rules_inherit_omitted_limits() throws Exception {
        RetentionRules rules = parse(
                        "retention: {age: 2h, events: 500, rules: [{channels: 'ticks-*', age: 10m, events: 1000},"
                                + " {channels: a, age: 2h}, {channels: b, events: 7}]}")
                .eventStream
                .getRetention()
                .build();

        java.time.Duration twoHours = java.time.Duration.ofHours(2);
        assertThat(rules.age()).isEqualTo(twoHours);
        assertThat(rules.rules())
                .containsExactly(
                        new RetentionRule(new ChannelPattern("ticks-*"), java.time.Duration.ofMinutes(10), 1_000),
                        new RetentionRule(new ChannelPattern("a"), twoHours, 500),
                        new RetentionRule(new ChannelPattern("b"), twoHours, 7),
                        new RetentionRule(new ChannelPattern("*"), twoHours, 500));
        assertThat(parse("").eventStream.getRetention().build().rules()).isEmpty();
        assertThat(parse("retention: {rules: [{channels: a, age: 1s}]}")
                        .eventStream
                        .getRetention()
                        .build()
                        .rules())
                .containsExactly(
                        new RetentionRule(new ChannelPattern("a"), java.time.Duration.ofSeconds(1), Long.MAX_VALUE));
    }

    @Test
    void values_are_checked_even_if_the_application_does_not_validate_them() {
        Settings settings = new Settings();
        settings.eventStream.getLimits().setChannelsPerStream(0);
        settings.eventStream.setPollInterval(Duration.hours(1));

        assertThatThrownBy(() -> run(settings))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("eventStream.limits.channelsPerStream is 0; allowed is 1 to 255")
                .hasMessageContaining("eventStream.pollInterval is 1 hour; allowed is 50ms to 1m");
    }

    @Test
    void conflicting_values_keep_the_application_from_starting() {
        assertDoesNotStart(
                "authorizer: " + DENIER + ", retry: {min: 7s}",
                "eventStream.retry.min is 7 seconds and eventStream.retry.max is 6 seconds; min must not be longer");
        assertDoesNotStart(
                "authorizer: " + DENIER + ", keepAlive: 30s",
                "eventStream.keepAlive is 30 seconds, and a connector's idleTimeout"
                        + " (server.applicationConnectors[0].idleTimeout) is 30 seconds: streams would be closed between"
                        + " two keep-alives; keepAlive must be shorter, such as the default, keepAlive: 20s, or the"
                        + " idleTimeout longer");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "routes: [{path: /a}, {path: /a/}] | eventStream.routes[1].path is \"/a\", the same address as the"
                        + " route \"/a\"; each needs a different one",
                "routes: [{path: '/a/{x}', channels: [c]}, {path: '/a/{y}', channels: [d]}] |"
                        + " eventStream.routes[1].path is \"/a/{y}\", the same address as the route \"/a/{x}\"; each needs"
                        + " a different one",
                "clientScript: /events | eventStream.clientScript is \"/events\", the same address as the route"
                        + " \"/events\"; each needs a different one",
                "clientScript: /js/eventstream.js.map | eventStream.clientScript is \"/js/eventstream.js.map\", the address"
                        + " of the script's source map; give the script another name",
                "clientScript: events.js | eventStream.clientScript is \"events.js\"; allowed is a path that begins"
                        + " with '/' and has no '{'",
                "inspector: true, routes: [{path: '/eventstream/inspector/{a}/{b}', channels: [c]}] | a path of"
                        + " eventStream.inspector is \"/eventstream/inspector/{digest}/{file}\", the same address as the route"
                        + " \"/eventstream/inspector/{a}/{b}\"; each needs a different one",
                "clientAddress: {trustedProxies: [10.0.0.0/8, 10.0.0.1/8]} |"
                        + " eventStream.clientAddress.trustedProxies[1]: is not an address, or a block that begins with"
                        + " its first address; allowed are entries such as 192.0.2.7, 10.0.0.0/8 and 2001:db8::/32",
                "clientAddress: {trustedProxies: [proxy.example.com]} | eventStream.clientAddress.trustedProxies[0]:"
                        + " is not an address, or a block that begins with its first address; allowed are entries such as"
                        + " 192.0.2.7, 10.0.0.0/8 and 2001:db8::/32",
                "publish: {tokens: [0123456789abcdef], path: send} | eventStream.publish.path is \"send\"; allowed is"
                        + " a path that begins with '/' and has no '{'",
                "publish: {tokens: [0123456789abcdef], path: '/{x}'} | eventStream.publish.path is \"/{x}\"; allowed"
                        + " is a path that begins with '/' and has no '{'",
                "presence: {channels: ['']} | eventStream.presence.channels[0]: channel name \"\" has 0 characters;"
                        + " allowed are 1 to 255",
                "presence: {channels: [a], path: '/{x}'} | eventStream.presence.path is \"/{x}\"; allowed is a path"
                        + " that begins with '/' and has no '{'",
                "presence: {channels: [a], path: /events} | eventStream.presence.path is \"/events\", the same address"
                        + " as the route \"/events\"; each needs a different one",
                "routes: [{path: a}] | eventStream.routes[0]: path \"a\" does not begin with '/'",
                "routes: [{}, {path: '/{'}] | eventStream.routes[1]: path \"/{\" is not a URI template",
                "routes: [{path: '/a/{x}', channels: ['c-{y}']}] | eventStream.routes[0]: channel \"c-{y}\" needs {y},"
                        + " which path \"/a/{x}\" does not have",
                "routes: [{start: []}] | eventStream.routes[0]: start is empty; without the key, streams begin now",
                "routes: [{}, {path: /a, start: [now, 'last:x']}] | eventStream.routes[1]: start \"last:x\" is malformed;"
                        + " allowed are now, all, last:NUMBER with 1 to 999999999, since:DURATION with 1s to 3650d, and"
                        + " since:TIME such as since:2026-01-31T08:30:00Z",
                "routes: [{start: ['last:1', now, 'last:2']}] | eventStream.routes[0]: start has two entries of the same"
                        + " kind: last:1, now, last:2",
                "grip: {linkSecrets: [0123456789abcdef0123456789abcdef], maxSubscriptions: 4, proxies: [{url:"
                        + " 'http://127.0.0.1:5561?verify-key=0123456789abcdef0123456789abcdef'}]}, routes: [{types: [a, b,"
                        + " c]}] | the route \"/events\" has 3 types and eventStream.grip.maxSubscriptions is 4; a stream"
                        + " needs one for each type and channel, and one for its reader",
                "routes: [{types: [a, a]}] | eventStream.routes[0]: types has an entry twice: a, a",
                "routes: [{types: [a, '*']}] | eventStream.routes[0]: types has \"*\", which stands for all types, and"
                        + " others; keep it alone",
                "routes: [{}, {path: /a, types: ['']}] | eventStream.routes[1]: event type \"\" has 0 characters; allowed"
                        + " are 1 to 255",
                "routes: [{start: ['last:10001', now]}] | the route \"/events\" has start \"last:10001\" and"
                        + " eventStream.limits.maxCatchUp is 10000; allowed is that number at most",
                "retention: {rules: [{channels: a, age: 1h}, {channels: b-*}]} | eventStream.retention.rules[1]: the"
                        + " rule for \"b-*\" has neither age nor events",
                "retention: {rules: [{channels: a, age: 25h}]} | eventStream.retention.rules[0]: age is 25 hours and"
                        + " eventStream.retention.age is 24 hours; age must not be longer. To keep some channels longer"
                        + " than others, raise eventStream.retention.age and end the rules with one for \"*\"",
                "unstored: [a, ''] | eventStream.unstored[1]: channel name \"\" has 0 characters; allowed are 1 to 255",
                "latest: ['a*', ''] | eventStream.latest[1]: channel name \"\" has 0 characters; allowed are 1 to 255",
                "unstored: [x, 'a*'], latest: ['a*'] | eventStream.latest contains \"a*\", and so does"
                        + " eventStream.unstored; a latest channel is stored, so a pattern is allowed in one of them",
                "authorizer: no.such.Class | eventStream.authorizer is \"no.such.Class\": there is no such class on"
                        + " the class path; nested classes are written Outer$Inner",
                "authorizer: '' | eventStream.authorizer is \"\": there is no such class on the class path; nested"
                        + " classes are written Outer$Inner",
                "authorizer: JAVA.LANG.String | eventStream.authorizer is \"JAVA.LANG.String\": there is no such class"
                        + " on the class path; nested classes are written Outer$Inner",
                "authorizer: java.lang.String | eventStream.authorizer is \"java.lang.String\": the class does not"
                        + " implement dev.eventstream.channel.ChannelAuthorizer",
                "authorizer: dev.eventstream.config.ConfigurationTest$Needy | eventStream.authorizer is"
                        + " \"dev.eventstream.config.ConfigurationTest$Needy\": it must be a public, concrete class with a"
                        + " public constructor without parameters",
                "authorizer: dev.eventstream.config.ConfigurationTest$Failing | eventStream.authorizer is"
                        + " \"dev.eventstream.config.ConfigurationTest$Failing\": its constructor failed with"
                        + " java.lang.IllegalStateException: no rules",
            })
    void invalid_routes_rules_and_classes_keep_the_application_from_starting(String yaml, String message) {
        assertDoesNotStart(yaml.contains("authorizer") ? yaml : "authorizer: " + DENIER + ", " + yaml, message);
    }

    @Test
    void exactly_one_authorizer_is_required() throws Exception {
        assertDoesNotStart(
                "",
                "there is no ChannelAuthorizer, so nobody could read anything: set eventStream.authorizer to the name"
                        + " of a class, or give an instance to EventStreamBundle.builder().authorizer(…)");
        Settings settings = parse("authorizer: " + DENIER);
        EventStreamBundle<Settings> both = EventStreamBundle.<Settings>builder()
                .configuration(configured -> configured.eventStream)
                .database(configured -> new DataSourceFactory())
                .authorizer(new Nobody())
                .build();
        assertThatThrownBy(() -> both.run(settings, new Environment("test")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "eventStream.authorizer names an authorizer and EventStreamBundle.builder().authorizer(…) gives"
                                + " another; keep one of them");
    }

    @Test
    void an_incomplete_builder_says_what_it_needs() {
        assertThatThrownBy(() -> EventStreamBundle.<Settings>builder().build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("EventStreamBundle.builder() needs configuration(…)");
        assertThatThrownBy(() -> EventStreamBundle.<Settings>builder()
                        .configuration(settings -> settings.eventStream)
                        .build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("EventStreamBundle.builder() needs database(…)");
        assertThatThrownBy(() -> EventStreamBundle.<Settings>builder()
                        .configuration(settings -> settings.eventStream)
                        .database(settings -> new DataSourceFactory())
                        .store((settings, environment) -> new MemoryEventStore(Clock.systemUTC()))
                        .build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("EventStreamBundle.builder() has both database(…) and store(…); keep one of them");
        assertThatThrownBy(() -> EventStreamBundle.<Settings>builder().route("x"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("path \"x\" does not begin with '/'");
        assertThatThrownBy(() ->
                        EventStreamBundle.<Settings>builder().route("/x", RouteOptions.DEFAULTS.withStart("never")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("start \"never\" is malformed; allowed are now,");
    }
}
