/// Who is in the fleet: nodes, their roles, and the bus that joins them.
@NullMarked
package dev.flotilla.cluster;

import org.jspecify.annotations.NullMarked;
