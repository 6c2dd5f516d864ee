/// Sprints: planned, active, completed.
@NullMarked
package dev.flotilla.command.work.sprint;

import org.jspecify.annotations.NullMarked;
