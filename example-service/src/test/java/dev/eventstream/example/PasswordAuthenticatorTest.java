package dev.eventstream.example;

import static org.assertj.core.api.Assertions.assertThat;

import io.dropwizard.auth.basic.BasicCredentials;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PasswordAuthenticatorTest {
    private final PasswordAuthenticator users =
            new PasswordAuthenticator(Map.of("alice", "wonderland", "björn", "smörgås"));

    @Test
    void knows_a_user_by_the_password() {
        assertThat(users.authenticate(new BasicCredentials("alice", "wonderland")))
                .hasValueSatisfying(user -> assertThat(user.getName()).isEqualTo("alice"));
        assertThat(users.authenticate(new BasicCredentials("björn", "smörgås"))).isPresent();
    }

    @ParameterizedTest
    @CsvSource({
        "alice, Wonderland",
        "alice, wonderlan",
        "alice, wonderlandx",
        "alice, ''",
        "'',    ''",
        "Alice, wonderland",
        "björn, wonderland",
        "carol, carol",
    })
    void refuses_all_others(String user, String password) {
        assertThat(users.authenticate(new BasicCredentials(user, password))).isEmpty();
    }
}
