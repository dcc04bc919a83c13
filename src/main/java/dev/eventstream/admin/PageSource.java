package dev.eventstream.admin;

import dev.eventstream.admin.page.Page;
import dev.eventstream.admin.page.Parameters;
import java.util.List;

/** Makes one of the pages. Thread-safe; may block for a few seconds. */
interface PageSource {
    /** The names of the parameters that it knows. */
    List<String> parameters();

    /**
     * Makes the page.
     *
     * @throws IllegalArgumentException if a parameter is not allowed; the message is for the operator
     */
    Page page(Parameters parameters);
}
