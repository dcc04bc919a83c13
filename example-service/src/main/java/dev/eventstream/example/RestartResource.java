package dev.eventstream.example;

import jakarta.ws.rs.ForbiddenException;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import org.jspecify.annotations.Nullable;

/**
 * Leaves a request for {@code ./run} to kill this service and start it again. Registered only if {@code ./run} has named the file for it;
 * nothing in the service ends it.
 */
@Path("/restart")
public final class RestartResource {
    private final java.nio.file.Path file;

    RestartResource(java.nio.file.Path file) {
        this.file = file;
    }

    /**
     * Asks for a restart.
     *
     * @param site what a browser sends with each request; pages of other sites cannot change it
     * @throws ForbiddenException if it is not a page of this service that asks
     */
    @POST
    public void restart(@HeaderParam("Sec-Fetch-Site") @Nullable String site) {
        if (!"same-origin".equals(site)) {
            throw new ForbiddenException("only the pages of this service may restart it");
        }
        try {
            Files.write(file, new byte[0]);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "cannot write " + file + "; ./run set the system property dw.restartFile", e);
        }
    }
}
