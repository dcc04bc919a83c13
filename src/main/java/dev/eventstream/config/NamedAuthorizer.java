package dev.eventstream.config;

import dev.eventstream.channel.ChannelAuthorizer;
import dev.eventstream.channel.PlainText;
import java.lang.reflect.InvocationTargetException;

/** Makes the authorizer that {@code eventStream.authorizer} names. Stateless, thread-safe. */
final class NamedAuthorizer {
    private NamedAuthorizer() {}

    /**
     * Makes an instance of the named class.
     *
     * @throws IllegalArgumentException if that fails; the message gives the reason
     */
    static ChannelAuthorizer make(String name) {
        try {
            return Class.forName(name)
                    .asSubclass(ChannelAuthorizer.class)
                    .getConstructor()
                    .newInstance();
        } catch (ClassNotFoundException | LinkageError e) {
            throw refused(name, "there is no such class on the class path; nested classes are written Outer$Inner", e);
        } catch (ClassCastException e) {
            throw refused(name, "the class does not implement " + ChannelAuthorizer.class.getName(), e);
        } catch (InvocationTargetException e) {
            throw refused(name, "its constructor failed with " + e.getCause(), e);
        } catch (ReflectiveOperationException e) {
            throw refused(name, "it must be a public, concrete class with a public constructor without parameters", e);
        }
    }

    private static IllegalArgumentException refused(String name, String why, Throwable cause) {
        return new IllegalArgumentException("eventStream.authorizer is " + PlainText.quote(name) + ": " + why, cause);
    }
}
