/// Who is online: the one reader and writer of the roster in Redis.
@NullMarked
package dev.flotilla.presence;

import org.jspecify.annotations.NullMarked;
