package dev.eventstream.admin.page;

/** Composes HTML. Everything but the tags themselves is escaped. Confined to one thread. */
final class Markup {
    private final StringBuilder out = new StringBuilder(8_192);

    /** Adds markup as it is; it must not contain anything from outside. */
    Markup raw(String markup) {
        out.append(markup);
        return this;
    }

    /** Adds text. */
    Markup text(String text) {
        String clean = Shown.clean(text);
        for (int i = 0; i < clean.length(); i++) {
            char c = clean.charAt(i);
            switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                case '\'' -> out.append("&#39;");
                default -> out.append(c);
            }
        }
        return this;
    }

    /** Adds an element that contains only text. */
    Markup element(String name, String text) {
        return raw("<" + name + ">").text(text).raw("</" + name + ">\n");
    }

    /** Adds an attribute; the tag must still be open. */
    Markup attribute(String name, String value) {
        return raw(" " + name + "=\"").text(value).raw("\"");
    }

    @Override
    public String toString() {
        return out.toString();
    }
}
