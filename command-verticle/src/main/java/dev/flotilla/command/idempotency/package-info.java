/// One effect per idempotency key: claim, replay, sweep.
@NullMarked
package dev.flotilla.command.idempotency;

import org.jspecify.annotations.NullMarked;
