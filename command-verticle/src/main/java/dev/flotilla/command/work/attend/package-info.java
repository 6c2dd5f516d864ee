/// Who looks at work items, edits them, or writes about them.
@NullMarked
package dev.flotilla.command.work.attend;

import org.jspecify.annotations.NullMarked;
