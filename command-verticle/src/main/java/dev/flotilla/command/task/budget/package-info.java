/// What tenants may use of the queue, and have used.
@NullMarked
package dev.flotilla.command.task.budget;

import org.jspecify.annotations.NullMarked;
