/** Tests of the example service, and of the browser client that the bundle ships, through real HTTP and in Chromium. */
@NullMarked
package dev.eventstream.example;

import org.jspecify.annotations.NullMarked;
