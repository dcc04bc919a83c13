/**
 * Two applications that do nothing, without and with the bundle, and the code that starts them in new JVMs. The application without the
 * bundle must not refer to it, because its class path lacks the bundle.
 */
@NullMarked
package dev.eventstream.benchmarks.startup;

import org.jspecify.annotations.NullMarked;
