/// Tells the fleet who has a session here, and tenants who came and went.
@NullMarked
package dev.flotilla.gateway.presence;

import org.jspecify.annotations.NullMarked;
