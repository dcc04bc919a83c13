package dev.eventstream;

import dev.eventstream.channel.ReadersByName;
import dev.eventstream.config.EventStreamFactory;
import dev.eventstream.http.ReaderAuthentication;
import io.dropwizard.auth.AuthFilter;
import io.dropwizard.core.setup.Environment;
import java.security.Principal;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How the bundle identifies readers, from its builder.
 *
 * <p>Immutable.
 *
 * @param authFilter makes the filter that authenticates readers; null if every reader is anonymous
 * @param principalByName makes the function that finds principals by name; null if there is none
 * @param validUntil tells when a principal's credentials expire
 * @param <C> the application's configuration
 */
record ReaderSetup<C>(
        @Nullable BiFunction<C, Environment, AuthFilter<?, ? extends Principal>> authFilter,
        @Nullable BiFunction<C, Environment, Function<String, Optional<? extends Principal>>> principalByName,
        Function<? super Principal, Instant> validUntil) {

    /**
     * Makes what identifies readers.
     *
     * @throws IllegalArgumentException if a proxy needs principals by name and there are none
     */
    Readers build(EventStreamFactory factory, C configured, Environment environment) {
        return new Readers(authentication(factory, configured, environment), byName(factory, configured, environment));
    }

    private ReaderAuthentication authentication(EventStreamFactory factory, C configured, Environment environment) {
        return authFilter == null
                ? ReaderAuthentication.none(Clock.systemUTC())
                : ReaderAuthentication.with(
                        authFilter.apply(configured, environment),
                        factory.getAuth().isAccessTokenParameter(),
                        factory.getAuth().getCookies(),
                        factory.getAuth().getHeaders(),
                        validUntil,
                        Clock.systemUTC());
    }

    private ReadersByName byName(EventStreamFactory factory, C configured, Environment environment) {
        if (factory.grip().isPresent() && authFilter != null && principalByName == null) {
            throw new IllegalArgumentException(
                    "eventStream.grip is set and readers sign in: a proxy requests missed events without their credentials,"
                            + " so EventStreamBundle.builder().principalByName(…) is needed to find a principal by name");
        }
        return principalByName == null
                ? ReadersByName.none()
                : new ReadersByName(principalByName.apply(configured, environment));
    }
}
