/// Traces, sent as OTLP.
@NullMarked
package dev.flotilla.fleet.tracing;

import org.jspecify.annotations.NullMarked;
