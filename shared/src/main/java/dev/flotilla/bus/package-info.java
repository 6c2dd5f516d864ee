/// Every address on the cluster and the typed facade over the event bus.
@NullMarked
package dev.flotilla.bus;

import org.jspecify.annotations.NullMarked;
