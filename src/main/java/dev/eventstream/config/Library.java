package dev.eventstream.config;

/** Checks that an optional library is present. Stateless, thread-safe. */
final class Library {
    private Library() {}

    /**
     * Requires a class of an optional library.
     *
     * @param user the setting that needs it, such as {@code eventStream.bus 'redis'}
     * @param artifact what to add to the application's dependencies
     * @throws IllegalArgumentException if it is missing
     */
    static void require(String className, String user, String artifact) {
        try {
            Class.forName(className, false, Library.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new IllegalArgumentException(
                    user + " needs a library that is not on the class path; add the dependency " + artifact, e);
        }
    }
}
