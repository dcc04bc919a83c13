package dev.eventstream;

import dev.eventstream.channel.AccessChange;

/** Disconnects readers that have lost rights. Thread-safe; must not block. */
@FunctionalInterface
interface Permissions {

    /** The rights of readers may have changed. */
    void changed(AccessChange change);
}
