/// The credentials that the fleet keeps for instances: encrypted in PostgreSQL, opened in memory.
@NullMarked
package dev.flotilla.credential;

import org.jspecify.annotations.NullMarked;
