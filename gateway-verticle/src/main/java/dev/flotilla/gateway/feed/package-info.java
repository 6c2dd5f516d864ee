/// A tenant's events on this node: in seq order, without a hole, with the recent ones at hand.
@NullMarked
package dev.flotilla.gateway.feed;

import org.jspecify.annotations.NullMarked;
