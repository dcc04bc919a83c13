/** Ports for the servers that tests start, a proxy that cuts, holds and delays connections, and nginx. */
@NullMarked
package dev.eventstream.network;

import org.jspecify.annotations.NullMarked;
