package dev.eventstream.channel;

import java.security.Principal;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The party that requests a stream: anonymous, or a principal from Dropwizard auth.
 *
 * <p>Immutable if the principal is.
 */
public final class Reader {
    private static final Reader ANONYMOUS = new Reader(null);

    private final @Nullable Principal principal;

    private Reader(@Nullable Principal principal) {
        this.principal = principal;
    }

    /** A reader without credentials. */
    public static Reader anonymous() {
        return ANONYMOUS;
    }

    /** A reader with valid credentials. */
    public static Reader of(Principal principal) {
        return new Reader(principal);
    }

    /** The signed-in principal; empty for an anonymous reader. */
    public Optional<Principal> principal() {
        return Optional.ofNullable(principal);
    }

    /** The principal as the application's own type; empty for an anonymous reader or a principal of another type. */
    public <P extends Principal> Optional<P> as(Class<P> type) {
        return principal().filter(type::isInstance).map(type::cast);
    }

    /** The principal's name, which is the user of skip-users and of permission changes; empty for an anonymous reader. */
    public Optional<String> user() {
        return principal().map(Principal::getName);
    }

    /** Whether this is the named user. */
    public boolean isUser(String user) {
        return principal != null && user.equals(principal.getName());
    }

    @Override
    public String toString() {
        return user().map(user -> "user " + PlainText.quote(user)).orElse("anonymous");
    }
}
