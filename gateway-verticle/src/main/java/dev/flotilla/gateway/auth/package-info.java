/// From a credential to a principal.
@NullMarked
package dev.flotilla.gateway.auth;

import org.jspecify.annotations.NullMarked;
