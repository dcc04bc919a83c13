package dev.eventstream;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** The version of this bundle, from the file that Maven adds to its jar. */
final class BundleVersion {
    private static final String FILE = "/META-INF/maven/dev.eventstream/dropwizard-eventstream/pom.properties";

    private BundleVersion() {}

    /** The version; {@code unknown} if the classes are not in the jar, or if another tool has repackaged it without that file. */
    static String read() {
        try (InputStream in = BundleVersion.class.getResourceAsStream(FILE)) {
            if (in == null) {
                return "unknown";
            }
            Properties properties = new Properties();
            properties.load(in);
            return properties.getProperty("version", "unknown");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
