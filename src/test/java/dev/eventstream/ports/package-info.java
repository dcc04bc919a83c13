/** Ports for the servers that tests start. */
@NullMarked
package dev.eventstream.ports;

import org.jspecify.annotations.NullMarked;
