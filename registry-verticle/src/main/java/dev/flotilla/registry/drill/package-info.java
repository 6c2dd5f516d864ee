/// A gateway that plays its part without an agent or a model behind it: for benchmarks, and for
/// tests, which hold it to the same contract as a real one.
@NullMarked
package dev.flotilla.registry.drill;

import org.jspecify.annotations.NullMarked;
