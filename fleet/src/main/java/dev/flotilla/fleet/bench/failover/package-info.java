/// `flotilla bench failover`: what tasks and conversations notice when instances and nodes die.
@NullMarked
package dev.flotilla.fleet.bench.failover;

import org.jspecify.annotations.NullMarked;
