/// Where the fleet connects to because a user has named an address: what such an address may be.
@NullMarked
package dev.flotilla.egress;

import org.jspecify.annotations.NullMarked;
