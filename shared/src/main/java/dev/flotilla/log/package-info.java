/// The tenant's event log: append, read from, head.
@NullMarked
package dev.flotilla.log;

import org.jspecify.annotations.NullMarked;
