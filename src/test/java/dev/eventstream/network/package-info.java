/** Ports for the servers that tests start, and a proxy that cuts, holds and delays connections. */
@NullMarked
package dev.eventstream.network;

import org.jspecify.annotations.NullMarked;
