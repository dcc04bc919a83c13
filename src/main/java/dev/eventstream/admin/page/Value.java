package dev.eventstream.admin.page;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;

/** One value on a page. All implementations are immutable. */
public sealed interface Value {
    /** Most texts of a list that are shown. */
    int MAX_TEXTS = 10;

    /** Text from anywhere. */
    record Text(String text) implements Value {}

    /**
     * A value that leads to another page.
     *
     * @param address relative, with an encoded query
     */
    record Link(Value value, String address) implements Value {}

    /**
     * Several texts.
     *
     * @param texts {@value #MAX_TEXTS} at most
     * @param leftOut how many others there are
     */
    record Texts(List<String> texts, int leftOut) implements Value {
        public Texts {
            texts = List.copyOf(texts);
        }
    }

    /** A number of things. */
    record Count(long count) implements Value {}

    /** Things per second. */
    record Rate(double perSecond) implements Value {}

    /** A size in bytes. */
    record Bytes(long bytes) implements Value {}

    /** A part of the whole; 1 is everything. */
    record Share(double part) implements Value {}

    /** A time span; seconds in JSON. */
    record Span(Duration length) implements Value {}

    /** A moment. */
    record Time(Instant at) implements Value {}

    /** No value. */
    record None(String shown) implements Value {}

    /** Text that leads to another page. */
    static Value link(String text, String address) {
        return new Link(new Text(text), address);
    }

    static Value text(String text) {
        return new Text(text);
    }

    /** The first texts of a list. */
    static Value texts(Collection<?> all) {
        return new Texts(
                all.stream().limit(MAX_TEXTS).map(Object::toString).toList(), Math.max(0, all.size() - MAX_TEXTS));
    }

    static Value count(long count) {
        return new Count(count);
    }

    static Value bytes(long bytes) {
        return new Bytes(bytes);
    }

    static Value span(Duration length) {
        return new Span(length);
    }

    static Value none() {
        return new None("–");
    }
}
