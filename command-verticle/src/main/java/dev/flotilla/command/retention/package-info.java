/// How long things are kept, and what removes them after that.
@NullMarked
package dev.flotilla.command.retention;

import org.jspecify.annotations.NullMarked;
