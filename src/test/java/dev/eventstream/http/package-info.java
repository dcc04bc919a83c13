@NullMarked
package dev.eventstream.http;

import org.jspecify.annotations.NullMarked;
