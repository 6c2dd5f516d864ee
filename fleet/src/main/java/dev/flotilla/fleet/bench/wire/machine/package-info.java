/// What the bench needs of the machine: cores to pin to, processes to start, and what they use.
@NullMarked
package dev.flotilla.fleet.bench.wire.machine;

import org.jspecify.annotations.NullMarked;
