/// Everything that can go wrong in a way that a client can act on.
@NullMarked
package dev.flotilla.fault;

import org.jspecify.annotations.NullMarked;
