/// What the things of tracked work have in common: a table, a revision, changes of fields.
@NullMarked
package dev.flotilla.command.work.entity;

import org.jspecify.annotations.NullMarked;
