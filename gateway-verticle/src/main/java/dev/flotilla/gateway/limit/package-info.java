/// How much a session, a user and a tenant may say.
@NullMarked
package dev.flotilla.gateway.limit;

import org.jspecify.annotations.NullMarked;
