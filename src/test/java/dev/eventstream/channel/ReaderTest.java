package dev.eventstream.channel;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.Principal;
import org.junit.jupiter.api.Test;

class ReaderTest {
    private record User(String name) implements Principal {
        @Override
        public String getName() {
            return name;
        }
    }

    private record Service(String name) implements Principal {
        @Override
        public String getName() {
            return name;
        }
    }

    @Test
    void an_anonymous_reader_has_no_name() {
        Reader reader = Reader.anonymous();
        assertThat(reader.principal()).isEmpty();
        assertThat(reader.user()).isEmpty();
        assertThat(reader.as(User.class)).isEmpty();
        assertThat(reader.isUser("")).isFalse();
        assertThat(reader.isUser("anonymous")).isFalse();
        assertThat(reader).hasToString("anonymous");
    }

    @Test
    void a_signed_in_reader_is_the_user_of_that_name_and_no_other() {
        Reader reader = Reader.of(new User("alice"));
        assertThat(reader.principal()).contains(new User("alice"));
        assertThat(reader.user()).contains("alice");
        assertThat(reader.isUser("alice")).isTrue();
        assertThat(reader.isUser("Alice")).isFalse();
        assertThat(reader.isUser("")).isFalse();
    }

    @Test
    void the_principal_comes_back_as_the_type_that_the_application_knows() {
        Reader reader = Reader.of(new User("alice"));
        assertThat(reader.as(User.class)).contains(new User("alice"));
        assertThat(reader.as(Principal.class)).contains(new User("alice"));
        assertThat(reader.as(Service.class)).isEmpty();
    }

    @Test
    void a_name_from_outside_stays_one_line_in_a_log() {
        assertThat(Reader.of(new User("eve\nWARN all is well"))).hasToString("user \"eve\uFFFDWARN all is well\"");
    }
}
