/// Meter names and log keys.
@NullMarked
package dev.flotilla.telemetry;

import org.jspecify.annotations.NullMarked;
