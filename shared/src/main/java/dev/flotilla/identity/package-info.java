/// Typed ids, principal, roles and scopes, token verification.
@NullMarked
package dev.flotilla.identity;

import org.jspecify.annotations.NullMarked;
