/// A node, as the verticles see it that run on it.
@NullMarked
package dev.flotilla.node;

import org.jspecify.annotations.NullMarked;
