/// The two stores: how a node opens them, and the schema that PostgreSQL has.
@NullMarked
package dev.flotilla.store;

import org.jspecify.annotations.NullMarked;
