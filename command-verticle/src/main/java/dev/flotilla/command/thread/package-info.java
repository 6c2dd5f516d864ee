/// Conversations: their messages, and what is being said in them.
@NullMarked
package dev.flotilla.command.thread;

import org.jspecify.annotations.NullMarked;
