/// Which task is next: structures and scripts in Redis, rebuilt from PostgreSQL.
@NullMarked
package dev.flotilla.command.task.queue;

import org.jspecify.annotations.NullMarked;
