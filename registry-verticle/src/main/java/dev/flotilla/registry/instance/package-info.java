/// Instances: what operators want, who holds the link, how each one is.
@NullMarked
package dev.flotilla.registry.instance;

import org.jspecify.annotations.NullMarked;
