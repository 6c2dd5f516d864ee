/// Random sequences of good and bad frames against a real gateway, dialect by dialect.
@NullMarked
package dev.flotilla.gateway.fuzz;

import org.jspecify.annotations.NullMarked;
