/** Programs that the manual shows, and tests of them. */
@NullMarked
package dev.eventstream.recipe;

import org.jspecify.annotations.NullMarked;
