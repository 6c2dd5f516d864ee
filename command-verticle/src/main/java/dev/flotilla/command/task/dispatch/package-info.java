/// Runs queued tasks on instances: placing, leases, following runs to their end.
@NullMarked
package dev.flotilla.command.task.dispatch;

import org.jspecify.annotations.NullMarked;
