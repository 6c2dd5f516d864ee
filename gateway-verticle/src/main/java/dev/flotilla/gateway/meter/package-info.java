/// The edge's meters.
@NullMarked
package dev.flotilla.gateway.meter;

import org.jspecify.annotations.NullMarked;
