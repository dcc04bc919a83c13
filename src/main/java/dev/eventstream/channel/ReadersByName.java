package dev.eventstream.channel;

import java.security.Principal;
import java.util.Optional;
import java.util.function.Function;

/**
 * Finds readers by name, for streams behind a proxy, which knows nothing else of them.
 *
 * <p>Thread-safe if the application's function is.
 */
public final class ReadersByName {
    private final Function<String, Optional<? extends Principal>> principals;

    /**
     * @param principals returns the principal that has a name now; empty if there is none
     */
    public ReadersByName(Function<String, Optional<? extends Principal>> principals) {
        this.principals = principals;
    }

    /** The reader of that name; empty if there is none, or if the application returned a principal with another name. */
    public Optional<Reader> find(String user) {
        return principals.apply(user).map(Reader::of).filter(reader -> reader.isUser(user));
    }
}
