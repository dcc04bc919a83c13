package dev.eventstream.config;

import dev.eventstream.grip.GripUrl;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A proxy's block and the values that can be given either in its {@code url} or in separate keys.
 *
 * <p>Confined to one thread.
 *
 * @param block the block as it was read
 * @param values from {@code url} or from the separate keys, unchecked
 */
record ProxyKeys(ProxyFactory block, GripUrl values) {

    /**
     * Takes the values from {@code url} or from the separate keys.
     *
     * @throws IllegalArgumentException if {@code url} cannot be read, or a value is given twice
     */
    static ProxyKeys of(ProxyFactory block) {
        String url = block.getUrl();
        return new ProxyKeys(block, url == null ? separate(block) : inUrl(block, url));
    }

    private static GripUrl separate(ProxyFactory block) {
        String uri = block.getControlUri() == null ? "" : block.getControlUri();
        return new GripUrl(
                uri, block.getControlIss(), block.getControlKey(), block.getVerifyIss(), block.getVerifyKey());
    }

    private static GripUrl inUrl(ProxyFactory block, String url) {
        refuseBesideUrl("controlUri", block.getControlUri());
        refuseBesideUrl("controlIss", block.getControlIss());
        refuseBesideUrl("controlKey", block.getControlKey());
        GripUrl parts = at("url", () -> GripUrl.parse(url));
        return new GripUrl(
                parts.controlUri(),
                parts.issuer(),
                parts.key(),
                one("verifyIss", block.getVerifyIss(), parts.verifyIssuer()),
                one("verifyKey", block.getVerifyKey(), parts.verifyKey()));
    }

    private static void refuseBesideUrl(String key, @Nullable String value) {
        if (value != null) {
            throw new IllegalArgumentException(
                    key + " is set beside url, which has the same meaning; keep one of them");
        }
    }

    private static @Nullable String one(String key, @Nullable String separate, @Nullable String inUrl) {
        if (separate != null && inUrl != null) {
            throw new IllegalArgumentException(key + " is set beside url, which contains it too; keep one of them");
        }
        return separate == null ? inUrl : separate;
    }

    /**
     * The place of a value, for messages.
     *
     * @param key its separate key
     * @param parameter its parameter in {@code url}
     * @param separate its value in the separate key
     */
    String place(String key, String parameter, @Nullable String separate) {
        return separate == null && block.getUrl() != null ? "url: " + parameter : key;
    }

    /** The same for a value that must not have a separate key beside {@code url}. */
    String place(String key, String parameter) {
        return place(key, parameter, null);
    }

    /** Reads a value; a message about it, which begins with a verb, gets the place in front. */
    static <T> T at(String place, Supplier<T> read) {
        try {
            return read.get();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(place + " " + e.getMessage(), e);
        }
    }
}
