package dev.eventstream.channel;

import java.security.Principal;
import java.util.Optional;
import java.util.function.Function;

/**
 * Finds readers by name: behind a proxy, which knows nothing else about them, and to learn the present rights of an open stream's
 * reader.
 *
 * <p>Thread-safe if the application's function is.
 */
public final class ReadersByName {
    private static final ReadersByName NONE = new ReadersByName(name -> Optional.empty());

    private final Function<String, Optional<? extends Principal>> principals;

    /**
     * @param principals returns the principal that has a name now; empty if there is none
     */
    public ReadersByName(Function<String, Optional<? extends Principal>> principals) {
        this.principals = principals;
    }

    /** For an application that cannot find principals by name. */
    public static ReadersByName none() {
        return NONE;
    }

    /** Whether the application can find principals by name. */
    public boolean isAvailable() {
        return this != NONE;
    }

    /**
     * The reader with its present rights; empty if the user no longer exists. An anonymous reader never changes. Without a way to
     * find principals by name, no reader does.
     */
    public Optional<Reader> current(Reader reader) {
        return isAvailable() && reader.user().isPresent() ? find(reader.user().get()) : Optional.of(reader);
    }

    /** The reader of that name; empty if there is none, or if the application returned a principal with another name. */
    public Optional<Reader> find(String user) {
        return principals.apply(user).map(Reader::of).filter(reader -> reader.isUser(user));
    }
}
