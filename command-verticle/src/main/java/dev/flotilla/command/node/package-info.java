/// The nodes of the fleet.
@NullMarked
package dev.flotilla.command.node;

import org.jspecify.annotations.NullMarked;
