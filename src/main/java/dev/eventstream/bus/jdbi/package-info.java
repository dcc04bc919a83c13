/**
 * The bus {@code database}: messages between nodes as rows of the table {@code eventstream_message}, which every node reads.
 *
 * <p>It is slow (a message arrives with the next poll) and needs nothing but the database that contains the log. Input: messages
 * of {@code bus.NodeBus}, and a Jdbi of that database. No threads. Not API.
 */
@NullMarked
package dev.eventstream.bus.jdbi;

import org.jspecify.annotations.NullMarked;
