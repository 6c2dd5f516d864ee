/// The configuration tree, loaded and checked once.
@NullMarked
package dev.flotilla.config;

import org.jspecify.annotations.NullMarked;
