/// What time does to tasks: they become due, or expire; and waiting for their end.
@NullMarked
package dev.flotilla.command.task.life;

import org.jspecify.annotations.NullMarked;
