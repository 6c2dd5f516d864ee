/// The load client: raw WebSockets on non-blocking sockets, one thread for all of them, so lean
/// that the server is what is measured.
@NullMarked
package dev.flotilla.fleet.bench.wire.load;

import org.jspecify.annotations.NullMarked;
