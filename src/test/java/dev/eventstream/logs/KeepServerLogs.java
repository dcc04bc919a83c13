package dev.eventstream.logs;

import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.LifecycleMethodExecutionExceptionHandler;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;

/** Keeps {@link ServerLogs} when a test fails, and adds their path to its failure. Registered for all tests. */
public final class KeepServerLogs
        implements TestExecutionExceptionHandler, LifecycleMethodExecutionExceptionHandler, AfterAllCallback {
    @Override
    public void handleTestExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
        keep(context, failure);
        throw failure;
    }

    @Override
    public void handleBeforeAllMethodExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
        keep(context, failure);
        throw failure;
    }

    @Override
    public void handleBeforeEachMethodExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
        keep(context, failure);
        throw failure;
    }

    @Override
    public void handleAfterEachMethodExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
        keep(context, failure);
        throw failure;
    }

    private static void keep(ExtensionContext context, Throwable failure) {
        String test = context.getRequiredTestClass().getSimpleName()
                + context.getTestMethod().map(method -> '.' + method.getName()).orElse("");
        try {
            ServerLogs.all().keep(test).ifPresent(directory -> failure.addSuppressed(new Kept(directory.toString())));
        } catch (RuntimeException e) {
            failure.addSuppressed(e);
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        ServerLogs.all().forgetEnded();
    }

    private static final class Kept extends Exception {
        private static final long serialVersionUID = 1;

        Kept(String directory) {
            super("The logs of the servers of this test are in " + directory, null, false, false);
        }
    }
}
