/// Commands about the queue as a whole, each to its handler.
@NullMarked
package dev.flotilla.command.task.ask;

import org.jspecify.annotations.NullMarked;
