/// The audit log outside of the fleet.
@NullMarked
package dev.flotilla.fleet.audit;

import org.jspecify.annotations.NullMarked;
