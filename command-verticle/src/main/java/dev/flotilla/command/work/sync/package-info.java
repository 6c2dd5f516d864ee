/// What clients have changed while they were away.
@NullMarked
package dev.flotilla.command.work.sync;

import org.jspecify.annotations.NullMarked;
