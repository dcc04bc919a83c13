package dev.eventstream.admin;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** The addresses of pages with parameters. Stateless. */
final class Addresses {
    private Addresses() {}

    /** The address of a page with one parameter. */
    static String with(String page, String name, String value) {
        return page + '?' + name + '=' + URLEncoder.encode(value, StandardCharsets.UTF_8);
    }
}
