/// The handlers of commands about tracked work.
@NullMarked
package dev.flotilla.command.work.ask;

import org.jspecify.annotations.NullMarked;
