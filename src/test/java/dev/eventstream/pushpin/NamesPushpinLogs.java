package dev.eventstream.pushpin;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;

/** Adds to a test's failure the paths of the logs of the Pushpins that its class has started. Registered for all tests. */
public final class NamesPushpinLogs implements BeforeAllCallback, TestExecutionExceptionHandler {
    @Override
    public void beforeAll(ExtensionContext context) {
        PushpinProcess.forgetClosed();
    }

    @Override
    public void handleTestExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
        List<Path> logs = PushpinProcess.logs();
        if (!logs.isEmpty()) {
            failure.addSuppressed(new PushpinLogs(logs));
        }
        throw failure;
    }

    private static final class PushpinLogs extends Exception {
        private static final long serialVersionUID = 1;

        PushpinLogs(List<Path> logs) {
            super("Pushpin's logs of this test: " + logs, null, false, false);
        }
    }
}
