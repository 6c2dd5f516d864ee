/// How an instance is, from all that is seen of it.
@NullMarked
package dev.flotilla.registry.health;

import org.jspecify.annotations.NullMarked;
