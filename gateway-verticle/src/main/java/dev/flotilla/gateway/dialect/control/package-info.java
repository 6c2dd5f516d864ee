/// The control dialect: its frames, methods and events on the wire.
@NullMarked
package dev.flotilla.gateway.dialect.control;

import org.jspecify.annotations.NullMarked;
