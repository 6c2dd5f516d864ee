/// `flotilla bench wire`: how fast one node is at the wire, beside others on the same machine.
@NullMarked
package dev.flotilla.fleet.bench.wire;

import org.jspecify.annotations.NullMarked;
