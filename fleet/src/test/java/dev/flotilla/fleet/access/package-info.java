/// Who may do what, proved on whole nodes: logins, keys, revocation, tenants.
@NullMarked
package dev.flotilla.fleet.access;

import org.jspecify.annotations.NullMarked;
