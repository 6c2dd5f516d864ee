/// `flotilla bench`: measures a running fleet from outside.
@NullMarked
package dev.flotilla.fleet.bench;

import org.jspecify.annotations.NullMarked;
