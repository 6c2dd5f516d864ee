/// Events of outside systems, from Redis channels onto topics of tenants.
@NullMarked
package dev.flotilla.gateway.ingest;

import org.jspecify.annotations.NullMarked;
