/**
 * The bundle behind a real Pushpin, as Debian packages it ({@code BehindPushpin…Test}), and what these tests need: the process, a
 * small origin, a relay that loses publishes, a reader that reconnects. Tests of one package against a real Pushpin are in that
 * package and end in {@code WithPushpinTest}.
 */
@NullMarked
package dev.eventstream.pushpin;

import org.jspecify.annotations.NullMarked;
