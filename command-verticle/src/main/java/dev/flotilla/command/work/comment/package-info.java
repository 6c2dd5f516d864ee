/// Comments on work items.
@NullMarked
package dev.flotilla.command.work.comment;

import org.jspecify.annotations.NullMarked;
