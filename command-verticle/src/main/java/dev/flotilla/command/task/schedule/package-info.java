/// Schedules: tasks that are created again and again.
@NullMarked
package dev.flotilla.command.task.schedule;

import org.jspecify.annotations.NullMarked;
