/// The servers that are measured side by side, each as its clients see it.
@NullMarked
package dev.flotilla.fleet.bench.wire.contender;

import org.jspecify.annotations.NullMarked;
