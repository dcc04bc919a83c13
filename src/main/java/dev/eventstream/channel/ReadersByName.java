package dev.eventstream.channel;

import java.security.Principal;
import java.util.Optional;
import java.util.function.Function;

/**
 * Finds readers of whom only the name is known, as it is behind a proxy.
 *
 * <p>Thread-safe as far as the application's function is.
 */
public final class ReadersByName {
    private final Function<String, Optional<? extends Principal>> principals;

    /**
     * @param principals says who a name stands for now; empty for nobody
     */
    public ReadersByName(Function<String, Optional<? extends Principal>> principals) {
        this.principals = principals;
    }

    /** The reader of that name; empty if there is nobody, or the application gave back somebody else. */
    public Optional<Reader> find(String user) {
        return principals.apply(user).map(Reader::of).filter(reader -> reader.isUser(user));
    }
}
