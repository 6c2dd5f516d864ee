/// Tasks: what clients ask about them, and their rows in PostgreSQL.
@NullMarked
package dev.flotilla.command.task;

import org.jspecify.annotations.NullMarked;
