/// Work items that agents work on.
@NullMarked
package dev.flotilla.command.work.agent;

import org.jspecify.annotations.NullMarked;
