/// Timers and what they have measured.
@NullMarked
package dev.flotilla.command.work.time;

import org.jspecify.annotations.NullMarked;
