/// Users as the command line makes them, by way of a node that runs.
@NullMarked
package dev.flotilla.fleet.users;

import org.jspecify.annotations.NullMarked;
