/// Transactions on PostgreSQL with the events they cause, and what a store's failure means.
@NullMarked
package dev.flotilla.command.store;

import org.jspecify.annotations.NullMarked;
