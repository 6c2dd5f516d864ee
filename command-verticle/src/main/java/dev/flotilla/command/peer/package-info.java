/// What clients ask instances themselves: one of them, or all that serve the tenant.
@NullMarked
package dev.flotilla.command.peer;

import org.jspecify.annotations.NullMarked;
