/**
 * Says on the admin port whether the parts that events depend on work: one health check each, whose message tells an
 * operator what to do. Runs on Dropwizard's health-check threads.
 *
 * <p>Not API.
 */
@NullMarked
package dev.eventstream.health;

import org.jspecify.annotations.NullMarked;
