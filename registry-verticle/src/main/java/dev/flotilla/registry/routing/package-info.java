/// Which instance a task goes to, and why.
@NullMarked
package dev.flotilla.registry.routing;

import org.jspecify.annotations.NullMarked;
