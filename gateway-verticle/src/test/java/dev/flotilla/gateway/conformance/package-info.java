/// The gateway's frames against RFC 6455 and RFC 7692.
@NullMarked
package dev.flotilla.gateway.conformance;

import org.jspecify.annotations.NullMarked;
