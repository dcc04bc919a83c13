/**
 * The product in this JVM: a Dropwizard application with the bundle, for questions about what a send costs without HTTP.
 */
@NullMarked
package dev.eventstream.benchmarks.embedded;

import org.jspecify.annotations.NullMarked;
