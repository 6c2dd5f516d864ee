/// What clients and fleet say to each other: commands, results, events, and the one command table.
@NullMarked
package dev.flotilla.contract;

import org.jspecify.annotations.NullMarked;
