/// Who changed what, and what came of it.
@NullMarked
package dev.flotilla.command.audit;

import org.jspecify.annotations.NullMarked;
