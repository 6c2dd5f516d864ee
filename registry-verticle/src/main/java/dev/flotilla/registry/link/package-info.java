/// What the fleet needs of the one connection to an instance, whatever its kind.
@NullMarked
package dev.flotilla.registry.link;

import org.jspecify.annotations.NullMarked;
