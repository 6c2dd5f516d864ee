/// Contract values to bytes and back.
@NullMarked
package dev.flotilla.wire;

import org.jspecify.annotations.NullMarked;
