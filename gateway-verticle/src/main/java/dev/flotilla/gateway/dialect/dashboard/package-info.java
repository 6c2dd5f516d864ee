/// The dashboard dialect: subscriptions, updates, and data on request. JSON by `type`.
@NullMarked
package dev.flotilla.gateway.dialect.dashboard;

import org.jspecify.annotations.NullMarked;
