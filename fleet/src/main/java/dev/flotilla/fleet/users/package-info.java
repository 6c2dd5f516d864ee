/// Users as the command line makes them, and tenants as it reads them, by way of a node that runs.
@NullMarked
package dev.flotilla.fleet.users;

import org.jspecify.annotations.NullMarked;
