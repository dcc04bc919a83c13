/**
 * Two applications that do nothing, without and with the bundle, and what it takes to start them in new JVMs. The one without the bundle
 * must not refer to it, because it runs on a class path that lacks it.
 */
@NullMarked
package dev.eventstream.benchmarks.startup;

import org.jspecify.annotations.NullMarked;
