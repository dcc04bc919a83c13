package dev.eventstream.hold;

import java.io.IOException;
import org.eclipse.jetty.io.QuietException;

/** Ends the exchange of a client that reads too slowly; Jetty does not log it. */
final class ClientStalledException extends IOException implements QuietException {
    private static final long serialVersionUID = 1;

    ClientStalledException(String message) {
        super(message);
    }
}
