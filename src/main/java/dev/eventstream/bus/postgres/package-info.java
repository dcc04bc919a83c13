/**
 * The bus {@code postgres}: LISTEN and NOTIFY on its own connections, never in a transaction of the application. Needs the
 * PostgreSQL driver. Input: messages of {@code bus.NodeBus}. No threads. Not API.
 */
@NullMarked
package dev.eventstream.bus.postgres;

import org.jspecify.annotations.NullMarked;
