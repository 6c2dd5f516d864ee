/// What gateways ask command nodes about logins and sessions, and what was revoked.
@NullMarked
package dev.flotilla.account;

import org.jspecify.annotations.NullMarked;
