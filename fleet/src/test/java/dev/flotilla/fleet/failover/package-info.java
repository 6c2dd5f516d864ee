/// Failover of instances, regions and owners of links, under steady tasks.
@NullMarked
package dev.flotilla.fleet.failover;

import org.jspecify.annotations.NullMarked;
