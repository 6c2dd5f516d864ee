/// What operators ask about routing: why a task runs where it does, where it may, and how long it
/// waits.
@NullMarked
package dev.flotilla.command.ops;

import org.jspecify.annotations.NullMarked;
