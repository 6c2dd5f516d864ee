/// The edge of a node: sockets and HTTP in, events out. Event loops only.
@NullMarked
package dev.flotilla.gateway;

import org.jspecify.annotations.NullMarked;
