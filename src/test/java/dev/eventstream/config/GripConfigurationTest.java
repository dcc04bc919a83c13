package dev.eventstream.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.eventstream.control.http.HttpTransport;
import dev.eventstream.grip.TrustedProxy;
import dev.eventstream.grip.key.VerifyKey;
import dev.eventstream.store.testing.SettableClock;
import io.dropwizard.configuration.ConfigurationException;
import io.dropwizard.configuration.ConfigurationFactory;
import io.dropwizard.configuration.DefaultConfigurationFactoryFactory;
import io.dropwizard.configuration.EnvironmentVariableSubstitutor;
import io.dropwizard.configuration.SubstitutingSourceProvider;
import io.dropwizard.jackson.Jackson;
import io.dropwizard.jersey.validation.Validators;
import io.dropwizard.util.Duration;
import jakarta.validation.Valid;
import jakarta.validation.Validator;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code eventStream.grip} as Dropwizard reads it: its meaning, its defaults, and the messages about invalid values. */
class GripConfigurationTest {
    private static final Validator VALIDATOR = Validators.newValidator();
    private static final ConfigurationFactory<Settings> FACTORY = new DefaultConfigurationFactoryFactory<Settings>()
            .create(Settings.class, VALIDATOR, Jackson.newObjectMapper(), "dw");
    private static final String SECRET = "0123456789abcdef0123456789abcdef";
    private static final String CONTROL = "url: 'http://127.0.0.1:5561'";
    private static final String PROXY = CONTROL + ", verifyKey: verify-this";

    /** An application's configuration, without Dropwizard's part. */
    public static final class Settings {
        @Valid
        @JsonProperty
        private EventStreamFactory eventStream = new EventStreamFactory();
    }

    private static EventStreamFactory parse(String grip) throws IOException, ConfigurationException {
        String yaml = "eventStream: {grip: {" + grip + "}}\n";
        return FACTORY.build(path -> new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8)), "config.yml")
                .eventStream;
    }

    private static GripFactory grip(String yaml) throws IOException, ConfigurationException {
        EventStreamFactory factory = parse(yaml);
        factory.check(VALIDATOR);
        return factory.grip().orElseThrow();
    }

    private static List<GripProxy> proxies(String... proxies) throws IOException, ConfigurationException {
        return grip(block(proxies)).buildProxies(new SettableClock());
    }

    private static GripProxy proxy(String proxy) throws IOException, ConfigurationException {
        return proxies(proxy).get(0);
    }

    private static String block(String... proxies) {
        return "linkSecrets: [" + SECRET + "], proxies: [{" + String.join("}, {", proxies) + "}]";
    }

    private static URI uri(GripProxy proxy) {
        return proxy.lane().transport() instanceof HttpTransport http
                ? http.access().uri()
                : proxy.lane().transport().target();
    }

    private static String authorization(GripProxy proxy) {
        return proxy.lane().transport() instanceof HttpTransport http
                ? http.access().credentials().authorization().orElse("none")
                : "no http";
    }

    private static void assertRefused(String yaml, String message) {
        assertThatThrownBy(() -> grip(yaml))
                .satisfies(e -> {
                    String said = String.valueOf(e.getMessage());
                    assertThat(said.replaceAll("(?s)config.yml has an error:\\R  \\* (.*)\\R", "$1"))
                            .startsWith("eventStream.grip." + message);
                })
                .satisfies(e -> assertThat(stackTrace(e)).doesNotContain("s3cret", SECRET));
    }

    private static String stackTrace(Throwable e) {
        StringWriter text = new StringWriter();
        e.printStackTrace(new PrintWriter(text));
        return text.toString();
    }

    @Test
    void without_the_block_there_is_no_proxy() {
        assertThat(new EventStreamFactory().grip()).isEmpty();
    }

    @Test
    void omitted_keys_have_defaults() throws Exception {
        GripFactory factory = grip(block(PROXY));

        assertThat(factory.refusesUnsigned()).isFalse();
        assertThat(factory.getLinkSecrets()).containsExactly(SECRET);
        assertThat(factory.getLinkTimeoutMin()).isEqualTo(Duration.seconds(20));
        assertThat(factory.getLinkTimeoutMax()).isEqualTo(Duration.minutes(10));
        assertThat(factory.getLinkLifetime()).isEqualTo(Duration.hours(24));
        assertThat(factory.getNextPath()).isEqualTo("/events/_next");
        ProxyFactory proxy = factory.getProxies().get(0);
        assertThat(proxy.isTrustUnsigned()).isFalse();
        assertThat(proxy.getTransport()).isEqualTo("http");
        assertThat(proxy.getMinInterval()).isEqualTo(Duration.milliseconds(30));
        assertThat(proxy.getMaxBatchItems()).isEqualTo(500);
        assertThat(proxy.getMaxBatchBytes()).isEqualTo(500_000);
        assertThat(proxy.getMaxQueuedEvents()).isEqualTo(10_000);
        assertThat(proxy.getMaxQueuedBytes()).isEqualTo(32 << 20);
        assertThat(proxy.getConnectTimeout()).isEqualTo(Duration.seconds(2));
        assertThat(proxy.getRequestTimeout()).isEqualTo(Duration.seconds(5));
        assertThat(proxy.deliveryCheck()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "minInterval     | 0ms     | 1001ms     | 1001 milliseconds | 0ms to 1s",
                "minInterval     | 1s      | 2s         | 2 seconds  | 0ms to 1s",
                "maxBatchItems   | 1       | 0          | 0          | 1 to 5000",
                "maxBatchItems   | 5000    | 5001       | 5001       | 1 to 5000",
                "maxBatchBytes   | 10000   | 9999       | 9999       | 10000 to 950000",
                "maxBatchBytes   | 950000  | 950001     | 950001     | 10000 to 950000",
                "maxQueuedEvents | 1       | 0          | 0          | 1 to 1000000",
                "maxQueuedEvents | 1000000 | 1000001    | 1000001    | 1 to 1000000",
                "maxQueuedBytes  | 1000000 | 999999     | 999999     | 1000000 to 1073741824",
                "maxQueuedBytes  | 1073741824 | 1073741825 | 1073741825 | 1000000 to 1073741824",
                "connectTimeout  | 100ms   | 99ms       | 99 milliseconds | 100ms to 1m",
                "connectTimeout  | 1m      | 61s        | 61 seconds | 100ms to 1m",
                "requestTimeout  | 100ms   | 99ms       | 99 milliseconds | 100ms to 1m",
                "requestTimeout  | 1m      | 61s        | 61 seconds | 100ms to 1m",
            })
    void a_proxy_value_beyond_its_bound_is_refused(
            String key, String atBound, String beyond, String said, String allowed) {
        assertThatCode(() -> grip(block(PROXY + ", " + key + ": " + atBound))).doesNotThrowAnyException();
        assertRefused(
                block(PROXY + ", " + key + ": " + beyond),
                "proxies[0]." + key + " is " + said + "; allowed is " + allowed);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "linkTimeoutMin: 1s   | linkTimeoutMin: 999ms | linkTimeoutMin is 999 milliseconds; allowed is 1s to 30m",
                "linkTimeoutMin: 10m  | linkTimeoutMin: 31m   | linkTimeoutMin is 31 minutes; allowed is 1s to 30m",
                "linkTimeoutMax: 20s  | linkTimeoutMax: 0s    | linkTimeoutMax is 0 seconds; allowed is 1s to 30m",
                "linkTimeoutMax: 30m  | linkTimeoutMax: 31m   | linkTimeoutMax is 31 minutes; allowed is 1s to 30m",
                "linkTimeoutMax: 20s  | linkTimeoutMax: 19s   | linkTimeoutMin is 20 seconds and eventStream.grip.linkTimeoutMax is 19 seconds; linkTimeoutMin must not be longer",
                "linkLifetime: 1h     | linkLifetime: 59m     | linkLifetime is 59 minutes; allowed is 1h to 30d",
                "linkLifetime: 30d    | linkLifetime: 31d     | linkLifetime is 31 days; allowed is 1h to 30d",
                "nextPath: /n         | nextPath: n           | nextPath is \"n\"; allowed is a path that begins with '/', does not end with it and has no '{'",
                "nextPath: /a/b       | nextPath: /a/         | nextPath is \"/a/\"; allowed is",
                "nextPath: /a         | nextPath: /           | nextPath is \"/\"; allowed is",
                "nextPath: /a         | nextPath: '/{a}'      | nextPath is \"/{a}\"; allowed is",
                "unsigned: serve      | unsigned: null        | unsigned must not be null",
                "unsigned: refuse     | linkLifetime: null    | linkLifetime must not be null",
            })
    void a_value_of_the_block_beyond_its_bound_is_refused(String fine, String beyond, String message) {
        assertThatCode(() -> grip(block(PROXY) + ", " + fine)).doesNotThrowAnyException();
        assertRefused(block(PROXY) + ", " + beyond, message);
    }

    @Test
    void documented_words_are_accepted_and_others_are_refused() throws Exception {
        assertThat(grip(block(PROXY) + ", unsigned: refuse").refusesUnsigned()).isTrue();
        assertThat(proxies(
                        "name: a, transport: zmq-push, pushUri: 'tcp://127.0.0.1:5560', verifyKey: not-a-secret",
                        "name: b, transport: zmq-pub, pubUri: 'tcp://127.0.0.1:5562', commandUri: 'tcp://h:5563', verifyKey: not-a-secret",
                        "name: c, transport: http, controlUri: 'http://127.0.0.1:5561/', verifyKey: not-a-secret"))
                .extracting(GripProxy::name, GripConfigurationTest::uri)
                .containsExactly(
                        tuple("a", URI.create("tcp://127.0.0.1:5560")),
                        tuple("b", URI.create("tcp://127.0.0.1:5562")),
                        tuple("c", URI.create("http://127.0.0.1:5561")));
        assertRefused(block(PROXY) + ", unsigned: perhaps", "unsigned is perhaps; allowed are serve and refuse");
        assertRefused(
                block(PROXY + ", transport: zmq"),
                "proxies[0].transport is zmq; allowed are http, zmq-push and zmq-pub");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "proxies: [{url: 'http://h', verifyKey: not-a-secret}]",
                "linkSecrets: [0123456789abcdef0123456789abcdef]",
                "linkSecrets: [], proxies: [{url: 'http://h', verifyKey: not-a-secret}]",
                "linkSecrets: null, proxies: [{url: 'http://h', verifyKey: not-a-secret}]",
                "linkSecrets: [0123456789abcdef0123456789abcdef], proxies: []",
                "linkSecrets: [0123456789abcdef0123456789abcdef], proxies: null",
                "linkSecrets: [0123456789abcdef0123456789abcdef], proxies: [null]",
                "linkSecrets: [0123456789abcdef0123456789abcdef], proxies: [{url: 'http://h', verifyKey: not-a-secret, transport: null}]",
                "linkSecrets: [0123456789abcdef0123456789abcdef], proxies: [{url: 'http://h', verifyKey: not-a-secret, minInterval: null}]",
                "linkSecrets: [0123456789abcdef0123456789abcdef], proxies: [{url: 'http://h', verifyKey: not-a-secret, deliveryCheck: {timeout: null}}]",
                "linkSecrets: [0123456789abcdef0123456789abcdef], proxies: [{url: 'http://h', verifyKey: not-a-secret, verify: x}]",
                "linkSecret: x",
            })
    void missing_values_and_unknown_keys_are_errors(String yaml) {
        assertThatThrownBy(() -> grip(yaml))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("eventStream.grip.")
                .message()
                .doesNotContain(SECRET);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[0123456789abcdef0123456789abcde] | has a secret that is too short; allowed are 32 characters or more",
                "0123456789abcdef0123456789abcde | has a secret that is too short",
                "[0123456789abcdef0123456789abcdef, 0123456789] | has a secret that is too short",
                "[0123456789abcdef0123456789abcdef, null] | has a secret that is too short",
                "[0123456789abcdef0123456789abcdef, 0123456789abcdef0123456789abcdef] | has the same secret twice",
            })
    void an_unusable_link_secret_is_never_quoted(String secrets, String message) {
        assertThatThrownBy(() -> grip("proxies: [{" + PROXY + "}], linkSecrets: " + secrets))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("eventStream.grip.linkSecrets " + message)
                .message()
                .doesNotContain("0123456789");
    }

    @Test
    void a_single_link_secret_needs_no_list() throws Exception {
        assertThat(grip("proxies: [{" + PROXY + "}], linkSecrets: " + SECRET).getLinkSecrets())
                .containsExactly(SECRET);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "verifyKey: changeme | verifyKey is a published secret",
                "verifyKey: 'base64:Y2hhbmdlbWU=' | verifyKey is a published secret",
                "verifyKey: s | verifyKey is a secret of 1 byte(s); allowed are 8 or more",
                "verifyKey: 'base64:AQIDBAUGBw==' | verifyKey is a secret of 7 byte(s); allowed are 8 or more",
            })
    void a_published_or_short_secret_is_refused(String key, String message) {
        assertThatThrownBy(() -> proxy("url: 'http://h', " + key))
                .hasMessageContaining(message)
                .hasMessageNotContaining("changeme");
    }

    @Test
    void a_link_secret_from_the_documentation_is_refused() {
        assertThatThrownBy(() -> grip("proxies: [{" + PROXY + "}], linkSecrets: an-example-with-32-characters-or-more")
                        .buildProxies(new SettableClock()))
                .hasMessageContaining("eventStream.grip.linkSecrets has the secret of an example");
    }

    @Test
    void a_grip_url_may_come_from_the_environment() throws Exception {
        EnvironmentVariableSubstitutor substitutor = new EnvironmentVariableSubstitutor();
        substitutor.setVariableResolver(
                Map.of("GRIP_URL", "http://127.0.0.1:5561?iss=pushpin&key=base64:AQID%2B/8BAgME")::get);
        String yaml = "eventStream: {grip: {" + block("url: '${GRIP_URL}'") + "}}\n";
        Settings settings = FACTORY.build(
                new SubstitutingSourceProvider(
                        path -> new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8)), substitutor),
                "config.yml");

        GripProxy proxy = settings.eventStream
                .grip()
                .orElseThrow()
                .buildProxies(new SettableClock())
                .get(0);
        assertThat(proxy.name()).isEqualTo("127.0.0.1-5561");
        assertThat(uri(proxy)).hasToString("http://127.0.0.1:5561");
        assertThat(authorization(proxy)).startsWith("Bearer eyJ");
        assertThat(proxy.trusted().key()).hasToString("VerifyKey[HS256]");
        assertThat(proxy.trusted().issuer()).isNull();
    }

    @Test
    void fastlys_address_implies_its_key_and_requires_an_issuer() throws Exception {
        GripProxy fastly = proxy("url: 'https://api.fastly.com/service/7?key=a-token&verify-iss=fastly:7'");

        assertThat(uri(fastly)).hasToString("https://api.fastly.com/service/7");
        assertThat(authorization(fastly)).isEqualTo("Bearer a-token");
        assertThat(fastly.trusted())
                .isEqualTo(new TrustedProxy("api.fastly.com", VerifyKey.fastlyFanout(), "fastly:7"));
        assertRefused(
                block("url: 'https://api.fastly.com/service/7?key=s3cret'"),
                "proxies[0].url: verify-iss is missing; with Fastly Fanout's public key, which is the same for all their"
                        + " customers, it must be fastly:<SERVICE_ID>");
        assertRefused(
                block(
                        "controlUri: 'http://h', verifyKey: '{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"CKo5A1ebyFcnmVV8SE5On-8G81JyBjSvcrx4VLetWCg\",\"y\":\"7gwJqaU6N8TP88--twjkwoB36f-pT3QsmI46nPhjO7M\"}'"),
                "proxies[0].verifyIss is missing; with Fastly Fanout's public key");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "controlUri: 'http://h:1', verifyKey: not-a-secret                       | http://h:1 | none",
                "controlUri: 'http://h:1', controlKey: t0ken, verifyKey: not-a-secret    | http://h:1 | Bearer t0ken",
                "controlUri: 'http://user:pass@h:1', verifyKey: not-a-secret             | http://h:1 | Basic dXNlcjpwYXNz",
                "url: 'http://h:1?key=t0ken&verify-key=not-a-secret'                     | http://h:1 | Bearer t0ken",
                "url: 'http://h:1?key=t0ken', verifyKey: not-a-secret, verifyIss: y      | http://h:1 | Bearer t0ken",
                "url: 'http://user:pass@h:1/a/?b=c&verify-key=not-a-secret'              | http://h:1/a?b=c | Basic dXNlcjpwYXNz",
                "controlUri: 'http://h:1', trustUnsigned: true                | http://h:1 | none",
            })
    void a_control_port_gets_the_configured_credentials(String yaml, String address, String shown) throws Exception {
        GripProxy proxy = proxy(yaml);

        assertThat(uri(proxy)).hasToString(address);
        assertThat(authorization(proxy)).isEqualTo(shown);
        assertThat(proxy).asString().doesNotContain("pass", "t0ken");
    }

    @Test
    void a_shared_key_with_an_issuer_also_verifies() throws Exception {
        GripProxy proxy = proxy("controlUri: 'http://h:1', controlIss: pushpin, controlKey: the-key-of-the-tests");

        assertThat(authorization(proxy)).startsWith("Bearer eyJ");
        assertThat(proxy.trusted().key()).isNotNull();
        assertThat(proxy.trusted().issuer()).isNull();
    }

    @Test
    void unsigned_requests_are_trusted_only_if_configured() throws Exception {
        assertThat(proxy(CONTROL + ", name: a, trustUnsigned: true").trusted())
                .isEqualTo(new TrustedProxy("a", null, null));
        assertRefused(
                block(CONTROL),
                "proxies[0].verifyKey is missing: anybody could claim to be this proxy; set it to the key that the proxy"
                        + " signs with (Pushpin's sig_key), or set trustUnsigned: true if only the proxy can reach this"
                        + " application");
    }

    @Test
    void the_delivery_check_is_a_separate_block() throws Exception {
        assertThat(proxy(PROXY).publicUri()).isNull();
        assertThat(proxy(PROXY + ", deliveryCheck: {publicUri: 'https://www.example.com/'}")
                        .publicUri())
                .isEqualTo(URI.create("https://www.example.com"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "verifyKey: not-a-secret | url or controlUri is missing; allowed is the address of the proxy's control port, such as http://127.0.0.1:5561",
                "url: 'http://h', controlUri: 'http://h', verifyKey: not-a-secret | controlUri is set beside url, which has the same meaning; keep one of them",
                "url: 'http://h', controlIss: x, verifyKey: not-a-secret | controlIss is set beside url",
                "url: 'http://h', controlKey: s3cret, verifyKey: not-a-secret | controlKey is set beside url",
                "url: 'http://h?verify-key=s3cret', verifyKey: s3cret | verifyKey is set beside url, which contains it too; keep one of them",
                "url: 'http://h?verify-iss=x', verifyIss: x, verifyKey: not-a-secret | verifyIss is set beside url",
                "url: 'http://h?verify-key=not-a-secret', trustUnsigned: true | verifyKey is set, but trustUnsigned: true makes it meaningless; keep one of them",
                "url: 'http://h', verifyKey: not-a-secret, trustUnsigned: true | verifyKey is set, but trustUnsigned",
                "url: 'http://h', verifyIss: x, trustUnsigned: true | verifyIss is set, but trustUnsigned",
                "url: '', verifyKey: not-a-secret | url or controlUri is missing",
                "url: 'http://h?key=s3cret&key=s3cret', verifyKey: not-a-secret | url has the parameter key twice",
                "url: 'h', verifyKey: not-a-secret | url does not begin with http:// or https://",
                "url: 'http://my_host', verifyKey: not-a-secret | url has no host name",
                "url: 'http://u:s3cret@h?key=s3cret', verifyKey: not-a-secret | url has a user, and there is a key as well",
                "url: 'http://h?iss=x', verifyKey: not-a-secret | url: iss is set, but there is no key to sign with",
                "url: 'http://h?iss=x&key={s3cret', verifyKey: not-a-secret | url: key begins with '{' and is not a usable JWK",
                "url: 'http://h?iss=x&key=base64:s3cret+', verifyKey: not-a-secret | url: key has something other than base64 after base64: (in a URL each '+' must be escaped)",
                "url: 'http://h?key=s3cret+x', verifyKey: not-a-secret | url: key is not a token that is allowed in a header",
                "url: 'http://h?verify-key=file:s3cret.pem' | url: verify-key names a file",
                "controlUri: 'ftp://h', verifyKey: not-a-secret | controlUri does not begin with http:// or https://",
                "controlUri: 'http://h', controlIss: x, verifyKey: not-a-secret | controlIss is set, but there is no key to sign with",
                "controlUri: 'http://h', controlIss: x, controlKey: '-----BEGIN RSA PRIVATE KEY----- s3cret', verifyKey: not-a-secret | controlKey is a PEM, but not of one PUBLIC KEY or PRIVATE KEY",
                "controlUri: 'http://h', verifyKey: '-----BEGIN CERTIFICATE----- s3cret' | verifyKey is a PEM, but not of one PUBLIC KEY or PRIVATE KEY",
                "controlUri: 'http://h', verifyKey: '' | verifyKey is empty",
                "controlUri: 'http://h', verifyKey: not-a-secret, verifyIss: '' | verifyIss is empty",
                "controlUri: 'http://h', verifyKey: not-a-secret, name: '' | name is \"\"; allowed are 1 to 100 letters, digits, '-', '_' and '.'",
                "controlUri: 'http://h', verifyKey: not-a-secret, name: 'a b' | name is \"a b\"; allowed are",
                "controlUri: 'http://h', verifyKey: not-a-secret, name: 'ä' | name is \"ä\"; allowed are",
                "controlUri: 'http://h', verifyKey: not-a-secret, pushUri: 'tcp://h:1' | pushUri does not go with transport http",
                "controlUri: 'http://h', verifyKey: not-a-secret, pubUri: 'tcp://h:1' | pubUri does not go with transport http",
                "controlUri: 'http://h', verifyKey: not-a-secret, commandUri: 'tcp://h:1' | commandUri does not go with transport http",
                "transport: zmq-push, verifyKey: not-a-secret | pushUri is missing; allowed is an address such as tcp://127.0.0.1:5560",
                "transport: zmq-pub, verifyKey: not-a-secret | pubUri is missing; allowed is an address such as tcp://127.0.0.1:5560",
                "transport: zmq-push, pushUri: 'tcp://h:1', verifyKey: not-a-secret, url: 'http://h' | url does not go with transport zmq-push",
                "transport: zmq-push, pushUri: 'tcp://h:1', verifyKey: not-a-secret, controlUri: 'http://h' | controlUri does not go with transport zmq-push",
                "transport: zmq-push, pushUri: 'tcp://h:1', verifyKey: not-a-secret, controlKey: s3cret | controlKey does not go with transport zmq-push",
                "transport: zmq-push, pushUri: 'tcp://h:1', verifyKey: not-a-secret, pubUri: 'tcp://h:2' | pubUri does not go with transport zmq-push",
                "transport: zmq-push, pushUri: 'tcp://h:1' | verifyKey is missing",
                "transport: zmq-push, pushUri: 'tcp://h', verifyKey: not-a-secret | pushUri is \"tcp://h\"; allowed is an address such as tcp://127.0.0.1:5560",
                "transport: zmq-push, pushUri: 'tcp://*:1', verifyKey: not-a-secret | pushUri is \"tcp://*:1\"; allowed is",
                "transport: zmq-push, pushUri: 'tcp://h:1/x', verifyKey: not-a-secret | pushUri is \"tcp://h:1/x\"; allowed is",
                "transport: zmq-push, pushUri: 'ipc:///tmp/x', verifyKey: not-a-secret | pushUri is \"ipc:///tmp/x\"; allowed is",
                "transport: zmq-pub, pubUri: 'tcp://u:s3cret@h:1', verifyKey: not-a-secret | pubUri has a user or a query; allowed is",
                "controlUri: 'http://h', verifyKey: not-a-secret, statsUri: 'ipc:///tmp/stats' | statsUri is",
                "controlUri: 'http://h', verifyKey: not-a-secret, statsUri: 'tcp://h' | statsUri is \"tcp://h\"; allowed is",
                "transport: zmq-pub, pubUri: 'tcp://h:1', commandUri: 'tcp://h:0', verifyKey: not-a-secret | commandUri is \"tcp://h:0\"; allowed is",
                "controlUri: 'http://h', verifyKey: not-a-secret, deliveryCheck: {} | deliveryCheck.publicUri is missing; allowed is an address such as https://www.example.com",
                "controlUri: 'http://h', verifyKey: not-a-secret, deliveryCheck: {publicUri: www.example.com} | deliveryCheck.publicUri is \"www.example.com\"; allowed is",
                "controlUri: 'http://h', verifyKey: not-a-secret, deliveryCheck: {publicUri: 'https://h?a=s3cret'} | deliveryCheck.publicUri has a user or a query; allowed is",
                "controlUri: 'http://h', verifyKey: not-a-secret, deliveryCheck: {publicUri: 'https://h', timeout: 61s} | deliveryCheck.timeout is 61 seconds; allowed is 1s to 1m",
                "controlUri: 'http://h', verifyKey: not-a-secret, deliveryCheck: {publicUri: 'https://h', timeout: 999ms} | deliveryCheck.timeout is 999 milliseconds; allowed is 1s to 1m",
            })
    void an_invalid_proxy_is_refused_with_its_key(String proxy, String message) {
        assertRefused(block("name: first, " + PROXY, proxy), "proxies[1]." + message);
    }

    @Test
    void two_proxies_need_different_names() {
        assertRefused(
                block(PROXY, PROXY),
                "proxies[1].name is \"127.0.0.1-5561\", which another proxy has too; give each a different name");
        assertRefused(
                block(PROXY + ", name: a", "name: a, " + PROXY),
                "proxies[1].name is \"a\", which another proxy has too");
        assertThatCode(() -> proxies(PROXY, "name: a, " + PROXY)).doesNotThrowAnyException();
    }

    @Test
    void a_key_of_the_wrong_type_is_not_quoted() {
        assertThatThrownBy(() -> grip(block(CONTROL + ", verifyKey: {kty: oct, k: s3cret}")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("eventStream.grip.proxies.[0].verifyKey")
                .satisfies(e -> assertThat(stackTrace(e)).doesNotContain("s3cret"));
    }

    @Test
    void the_default_name_comes_from_the_address() throws Exception {
        assertThat(proxy("url: 'http://[::1]:5561?verify-key=not-a-secret'").name())
                .isEqualTo("---1--5561");
        assertThat(proxy("url: 'http://edge-1.example.com?verify-key=not-a-secret'")
                        .name())
                .isEqualTo("edge-1.example.com");
    }
}
