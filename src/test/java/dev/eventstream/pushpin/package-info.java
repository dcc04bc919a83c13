/** A real, private Pushpin for a test, as Debian packages it. */
@NullMarked
package dev.eventstream.pushpin;

import org.jspecify.annotations.NullMarked;
