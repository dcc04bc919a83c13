/**
 * Health checks on the admin port, one for each part that events depend on. Their messages tell an operator what to do. They run on
 * Dropwizard's health-check threads.
 *
 * <p>Not API.
 */
@NullMarked
package dev.eventstream.health;

import org.jspecify.annotations.NullMarked;
