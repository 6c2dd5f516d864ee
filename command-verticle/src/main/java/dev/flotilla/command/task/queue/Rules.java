package dev.flotilla.command.task.queue;

import java.util.List;

/// What operators have set about who may start tasks.
///
/// @param pauses `tenant|level`; `*` for every tenant, or every level
public record Rules(List<String> pauses, List<Share> shares) {

  /// @param tenant `*` for the fleet
  /// @param weight turns beside those of others
  /// @param cap tasks in hand, at most; 0 for any number
  public record Share(String tenant, int weight, int cap) {}
}
