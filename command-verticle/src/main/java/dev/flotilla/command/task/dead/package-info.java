/// Dead letters: tasks that failed for good, and what to do with them.
@NullMarked
package dev.flotilla.command.task.dead;

import org.jspecify.annotations.NullMarked;
