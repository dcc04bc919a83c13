package dev.eventstream.grip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eventstream.control.ControlAccess;
import dev.eventstream.control.ControlCredentials;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code GRIP_URL}, and the address in it. */
class GripUrlTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "http://127.0.0.1:5561 | http://127.0.0.1:5561 | - | - | - | -",
                "http://127.0.0.1:5561/? | http://127.0.0.1:5561/ | - | - | - | -",
                "http://127.0.0.1:5561?verify-key=changeme | http://127.0.0.1:5561 | - | - | - | changeme",
                "http://h?iss=pushpin&key=base64:%2B/8%3D | http://h | pushpin | base64:+/8= | - | -",
                "http://h?iss=pushpin&key=base64:%2B/8= | http://h | pushpin | base64:+/8= | - | -",
                "http://h?key=a+b%20c%26d%3De%23f | http://h | - | a b c&d=e#f | - | -",
                "http://h?key=%F0%9F%94%91 | http://h | - | 🔑 | - | -",
                "http://h?key=schlüssel | http://h | - | schlüssel | - | -",
                "http://h?key={\"kty\":\"oct\"} | http://h | - | {\"kty\":\"oct\"} | - | -",
                "http://h?verify%2Dkey=x&ke%79=y | http://h | - | y | - | x",
                "http://h/p?a=1&iss=i&b=%41+&verify-iss=fastly:1&&c | http://h/p?a=1&b=%41+&c | i | - | fastly:1 | -",
                "http://h?KEY=x&Iss=y | http://h?KEY=x&Iss=y | - | - | - | -",
                "http://h?a?key=x | http://h?a?key=x | - | - | - | -",
                "https://api.fastly.com/service/7?key=t&verify-iss=fastly:7 | https://api.fastly.com/service/7 | - | t | fastly:7 | -",
            })
    void grip_parameters_are_removed_from_the_address(
            String url, String address, String issuer, String key, String verifyIssuer, String verifyKey) {
        assertThat(GripUrl.parse(url)).isEqualTo(new GripUrl(address, issuer, key, verifyIssuer, verifyKey));
    }

    @Test
    void a_key_with_line_breaks_survives_a_url() {
        String encoded =
                Tokens.PUBLIC_PEM.replace("+", "%2B").replace("\n", "%0A").replace(" ", "%20");

        assertThat(GripUrl.parse("http://h?verify-key=" + encoded).verifyKey()).isEqualTo(Tokens.PUBLIC_PEM);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "http://h?key=secret-x&key=secret-y | has the parameter key twice",
                "http://h?key=secret-x&ke%79=secret-x | has the parameter key twice",
                "http://h?verify-key=secret-x&a=b&verify-key= | has the parameter verify-key without a value",
                "http://h?key | has the parameter key without a value",
                "http://h?iss= | has the parameter iss without a value",
                "http://h?key=secret-x% | has a '%' that is not followed by two hexadecimal digits",
                "http://h?key=secret-x%4 | has a '%' that is not followed by two hexadecimal digits",
                "http://h?key=secret-x%zz | has a '%' that is not followed by two hexadecimal digits",
                "http://h?key=secret-x%-1 | has a '%' that is not followed by two hexadecimal digits",
                "http://h?key=secret-x%+1 | has a '%' that is not followed by two hexadecimal digits",
                "http://h?key=secret-x%٤٢ | has a '%' that is not followed by two hexadecimal digits",
                "http://h?key=secret-x%ff | has %-escapes that are not UTF-8",
                "http://h?key=secret-x%c0%80 | has %-escapes that are not UTF-8",
                "http://h?key=secret-x%ed%a0%80 | has %-escapes that are not UTF-8",
                "http://h?key=secret#x | has a '#'; in a parameter it is written %23",
            })
    void broken_parameters_are_refused_and_not_quoted(String url, String message) {
        assertThatThrownBy(() -> GripUrl.parse(url))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message)
                .satisfies(e -> assertThat(stackTrace(e)).doesNotContain("secret"));
    }

    private static String stackTrace(Throwable e) {
        StringWriter text = new StringWriter();
        e.printStackTrace(new PrintWriter(text));
        return text.toString();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "http://127.0.0.1:5561 | http://127.0.0.1:5561 | -",
                "http://127.0.0.1:5561/ | http://127.0.0.1:5561 | -",
                "HTTPS://h/a/b/?x=1&y=%2F | HTTPS://h/a/b?x=1&y=%2F | -",
                "http://[::1]:5561 | http://[::1]:5561 | -",
                "http://user:pass@h:1/ | http://h:1 | Basic dXNlcjpwYXNz",
                "http://user@h | http://h | Basic dXNlcjo=",
                "http://user:@h | http://h | Basic dXNlcjo=",
                "http://us%40er:p%3A%2Fss%C3%BC@h | http://h | Basic dXNAZXI6cDovc3PDvA==",
                "http://user:a:b@h | http://h | Basic dXNlcjphOmI=",
                "http://user:a+b@h | http://h | Basic dXNlcjphK2I=",
            })
    void an_address_may_name_a_user(String text, String address, String authorization) {
        ControlAccess access = ControlAccess.of(text, null);

        assertThat(access.uri()).hasToString(address);
        assertThat(access.credentials().authorization().orElse(null)).isEqualTo(authorization);
        assertThat(access).asString().doesNotContain("pass");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "~~ | does not begin with http:// or https://",
                "localhost:5561 | does not begin with http:// or https://",
                "//h | does not begin with http:// or https://",
                "/p | does not begin with http:// or https://",
                "tcp://h:5560 | does not begin with http:// or https://",
                "file:///etc/passwd | does not begin with http:// or https://",
                "http: | is not a URL",
                "http:h | has no host name",
                "http:// | is not a URL",
                "http:///p | has no host name",
                "http://:5561 | has no host name",
                "http://a_b:secret@my_host:5561 | has no host name",
                "http://h:0 | has no host name of letters, digits, '-' and '.', or no valid port",
                "http://h:65536 | has no host name of letters, digits, '-' and '.', or no valid port",
                "http://h:99999999999 | has no host name",
                "http://h:x | has no host name",
                "http://user:se cret@h | is not a URL",
                "http://user:secret%@h | is not a URL",
                "http://user:secret%ff@h | has %-escapes that are not UTF-8",
                "http://us%3aer:secret@h | has a user with a colon in its name",
                "http://user:secret@h@i | has no host name",
                "http://user:secret@h\\i | is not a URL",
                "http://user:secret@h//p | has a '#' or an empty part in its path",
                "http://user:secret@h// | has a '#' or an empty part in its path",
                "http://user:secret@h/#x | has a '#' or an empty part in its path",
                "~http://user:secret@h\n~ | is not a URL",
                "http://user:secret@[::1 | is not a URL",
            })
    void a_bad_address_is_refused_and_not_quoted(String text, String message) {
        assertThatThrownBy(() -> ControlAccess.of(text, null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(message)
                .satisfies(e -> assertThat(stackTrace(e)).doesNotContain("secret", "se cret"));
    }

    @Test
    void two_kinds_of_credentials_are_refused() {
        assertThatThrownBy(() -> ControlAccess.of("http://user:secret@h", ControlCredentials.bearer("token")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("has a user, and there is a key as well; a control port is shown only one of them");
    }

    @Test
    void the_text_form_shows_no_secret() {
        assertThat(GripUrl.parse("http://user:secret@h?key=secret&verify-key=secret"))
                .asString()
                .doesNotContain("secret");
    }

    @Test
    void random_urls_are_read_or_refused() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        String start = "http://user:secret@127.0.0.1:5561/p?iss=pushpin&key=base64:%2BAQID&verify-iss=x&a=b";
        for (int i = 0; i < 3_000; i++) {
            StringBuilder text = new StringBuilder(start);
            for (int changes = random.nextInt(4); changes >= 0; changes--) {
                text.setCharAt(
                        random.nextInt(text.length()), (char) random.nextInt(random.nextBoolean() ? 128 : 65_536));
            }
            try {
                ControlAccess.of(GripUrl.parse(text.toString()).controlUri(), null);
            } catch (IllegalArgumentException e) {
                assertThat(e).as("seed %d", seed).hasMessageMatching("(is|has|does) .*");
                assertThat(stackTrace(e)).as("seed %d", seed).doesNotContain("secret");
            }
        }
    }
}
