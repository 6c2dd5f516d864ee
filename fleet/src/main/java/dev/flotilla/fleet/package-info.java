/// The node: composition root, start and drain.
@NullMarked
package dev.flotilla.fleet;

import org.jspecify.annotations.NullMarked;
