/// One socket's life: phases, limits, liveness, drain.
@NullMarked
package dev.flotilla.gateway.session;

import org.jspecify.annotations.NullMarked;
