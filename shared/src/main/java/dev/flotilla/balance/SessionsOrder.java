package dev.flotilla.balance;

import dev.flotilla.identity.NodeId;
import java.util.List;

/// What a gateway node is asked about its sessions.
///
/// @param moves sessions to send elsewhere; none where the question is only how many there are
public record SessionsOrder(List<Move> moves) {
  public static final SessionsOrder COUNT = new SessionsOrder(List.of());

  /// @param to the node that gets them
  public record Move(NodeId to, int sessions) {}

  public SessionsOrder {
    moves = List.copyOf(moves);
  }
}
