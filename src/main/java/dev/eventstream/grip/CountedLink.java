package dev.eventstream.grip;

/**
 * A link as the {@link LinkBudget} counts it.
 *
 * <p>Immutable.
 *
 * @param fetched identifies what a proxy fetches: readers who have not signed in share links, and the links of a user replace one
 *     another, whatever the ends of the streams
 * @param set the same for all links of a reader to the same channels
 */
public record CountedLink(String fetched, String set) {
    /** A link that has not been signed yet. */
    public static CountedLink of(NextLink link, NextLinks links) {
        String set = links.sign(link.until(NextLink.NEVER)).digest();
        return new CountedLink(link.user() == null ? links.sign(link).digest() : set, set);
    }
}
