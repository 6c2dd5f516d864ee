/// Work items: their fields, their order, their parents.
@NullMarked
package dev.flotilla.command.work.item;

import org.jspecify.annotations.NullMarked;
