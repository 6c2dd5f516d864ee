/// Bytes of the edge: strict JSON in, shared text frames out.
@NullMarked
package dev.flotilla.gateway.wire;

import org.jspecify.annotations.NullMarked;
