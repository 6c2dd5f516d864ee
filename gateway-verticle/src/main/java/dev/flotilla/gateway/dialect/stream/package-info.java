/// Server-sent events: the control dialect's events for clients that cannot open a WebSocket.
@NullMarked
package dev.flotilla.gateway.dialect.stream;

import org.jspecify.annotations.NullMarked;
