/** A real Pushpin of the test's own, as Debian packages it. */
@NullMarked
package dev.eventstream.pushpin;

import org.jspecify.annotations.NullMarked;
