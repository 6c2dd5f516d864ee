package dev.flotilla.gateway.limit;

import java.util.List;

/// What a node pays into a bucket in Redis and takes out of it.
///
/// @param owed tokens that were spent on credit
/// @param back leased tokens that were not spent
/// @param wanted tokens to lease
record Settlement(Budget budget, int owed, int back, int wanted) {

  List<String> arguments() {
    return List.of(
        Integer.toString(budget.perMinute()),
        Integer.toString(owed - back),
        Integer.toString(wanted));
  }
}
