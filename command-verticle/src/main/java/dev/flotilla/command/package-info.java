/// Does what was asked: the verticle of a command node and what its parts share.
@NullMarked
package dev.flotilla.command;

import org.jspecify.annotations.NullMarked;
