package dev.eventstream.example;

import static java.util.Objects.requireNonNull;

import io.dropwizard.auth.AuthFilter;
import io.dropwizard.auth.basic.BasicCredentialAuthFilter;
import io.dropwizard.auth.chained.ChainedAuthFilter;
import io.dropwizard.core.ConfiguredBundle;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.jdbi3.JdbiFactory;
import java.security.Principal;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/**
 * Who the readers are, and what they may read. A separate bundle, which runs before that of the event stream, because it needs the
 * database. Thread-safe once it has run.
 */
final class Readers implements ConfiguredBundle<ExampleConfiguration> {
    private final Clock clock;
    private @Nullable Parts parts;

    private record Parts(Jdbi jdbi, PasswordAuthenticator passwords, Sessions sessions, Permissions permissions) {}

    Readers(Clock clock) {
        this.clock = clock;
    }

    @Override
    public void run(ExampleConfiguration configuration, Environment environment) {
        Jdbi jdbi = new JdbiFactory().build(environment, configuration.getDatabase(), "chat");
        parts = new Parts(
                jdbi,
                new PasswordAuthenticator(configuration.getUsers()),
                new Sessions(jdbi, clock),
                new Permissions(jdbi, configuration.getAdministrators()));
    }

    private Parts parts() {
        return requireNonNull(parts, "the bundle has not run; add it before that of the event stream");
    }

    Jdbi jdbi() {
        return parts().jdbi();
    }

    PasswordAuthenticator passwords() {
        return parts().passwords();
    }

    Sessions sessions() {
        return parts().sessions();
    }

    Permissions permissions() {
        return parts().permissions();
    }

    /** Pages have a cookie; programs send name and password. */
    AuthFilter<?, User> filter() {
        AuthFilter<?, User> password = new BasicCredentialAuthFilter.Builder<User>()
                .setAuthenticator(passwords())
                .setRealm("example-service")
                .buildAuthFilter();
        return new ChainedAuthFilter<>(List.of(cookieFilter(), password));
    }

    /** For addresses that only pages use. */
    AuthFilter<?, User> cookieFilter() {
        return SessionCookie.filter(sessions()::user);
    }

    /** The user whom a proxy asks about, without credentials. */
    Optional<User> user(String name) {
        return passwords().knows(name) ? Optional.of(new User(name, Instant.MAX)) : Optional.empty();
    }

    static Instant validUntil(Principal user) {
        return ((User) user).expires();
    }
}
