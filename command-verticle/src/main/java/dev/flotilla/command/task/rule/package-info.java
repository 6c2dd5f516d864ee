/// What operators say about the queue as a whole: pauses, budgets; and what they see of it.
@NullMarked
package dev.flotilla.command.task.rule;

import org.jspecify.annotations.NullMarked;
