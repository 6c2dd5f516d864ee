/// The OpenClaw gateway of a node's own host: whether it runs, and its start where it does not.
@NullMarked
package dev.flotilla.registry.daemon;

import org.jspecify.annotations.NullMarked;
