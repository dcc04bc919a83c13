/** Searches the models of the delivery protocol, which are in {@code model/}; docs/PROOF.md explains them. */
@NullMarked
package dev.eventstream.model;

import org.jspecify.annotations.NullMarked;
