/// Instances that a file declares: what it says, what differs from the table, and how that changes.
@NullMarked
package dev.flotilla.command.instance.declared;

import org.jspecify.annotations.NullMarked;
