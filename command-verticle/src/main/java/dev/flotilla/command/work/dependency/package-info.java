/// Which work item waits for which.
@NullMarked
package dev.flotilla.command.work.dependency;

import org.jspecify.annotations.NullMarked;
