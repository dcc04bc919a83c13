package dev.eventstream.grip;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * A proxy in one line, the {@code GRIP_URL} of js-grip and django-grip: the address of its control port, with {@code iss},
 * {@code key}, {@code verify-iss} and {@code verify-key} as parameters. Other parameters belong to the address.
 *
 * <p>The parts are not checked here; they correspond to the settings of the same names. Immutable; {@code toString} shows
 * nothing of them.
 *
 * @param controlUri the address without those parameters
 */
public record GripUrl(
        String controlUri,
        @Nullable String issuer,
        @Nullable String key,
        @Nullable String verifyIssuer,
        @Nullable String verifyKey) {
    private static final String ISSUER = "iss";
    private static final String KEY = "key";
    private static final String VERIFY_ISSUER = "verify-iss";
    private static final String VERIFY_KEY = "verify-key";
    private static final List<String> PARAMETERS = List.of(ISSUER, KEY, VERIFY_ISSUER, VERIFY_KEY);

    /**
     * Splits a URL. Parameters are form-encoded: {@code +} is a space, so a plus sign in base64 is written {@code %2B}.
     *
     * @throws IllegalArgumentException if a parameter occurs twice or has a broken escape; the message begins with a verb and
     *     quotes no value
     */
    public static GripUrl parse(String text) {
        if (text.indexOf('#') >= 0) {
            throw new IllegalArgumentException("has a '#'; in a parameter it is written %23");
        }
        int question = text.indexOf('?');
        Map<String, String> ours = new HashMap<>();
        StringJoiner others = new StringJoiner("&", "?", "").setEmptyValue("");
        for (String parameter : (question < 0 ? "" : text.substring(question + 1)).split("&", -1)) {
            String name = nameOf(parameter);
            if (!PARAMETERS.contains(name)) {
                if (!parameter.isEmpty()) {
                    others.add(parameter);
                }
            } else if (ours.put(name, valueOf(parameter, name)) != null) {
                throw new IllegalArgumentException("has the parameter " + name + " twice");
            }
        }
        return new GripUrl(
                (question < 0 ? text : text.substring(0, question)) + others,
                ours.get(ISSUER),
                ours.get(KEY),
                ours.get(VERIFY_ISSUER),
                ours.get(VERIFY_KEY));
    }

    private static String nameOf(String parameter) {
        int equals = parameter.indexOf('=');
        return PercentDecoding.formDecode(equals < 0 ? parameter : parameter.substring(0, equals));
    }

    private static String valueOf(String parameter, String name) {
        String value = PercentDecoding.formDecode(parameter.substring(parameter.indexOf('=') + 1));
        if (parameter.indexOf('=') < 0 || value.isEmpty()) {
            throw new IllegalArgumentException("has the parameter " + name + " without a value");
        }
        return value;
    }

    @Override
    public String toString() {
        return "GripUrl[]";
    }
}
