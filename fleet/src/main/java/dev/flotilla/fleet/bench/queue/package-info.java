/// `flotilla bench queue`: how fast tasks go through the queue, and how long an urgent one waits.
@NullMarked
package dev.flotilla.fleet.bench.queue;

import org.jspecify.annotations.NullMarked;
