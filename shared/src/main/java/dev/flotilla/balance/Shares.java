package dev.flotilla.balance;

import dev.flotilla.identity.NodeId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeMap;

/// Who should have how many sessions.
public final class Shares {
  private Shares() {}

  /// Where so many more sessions go, one after the other, each to the node that has the fewest by
  /// then. Empty where there is no node.
  ///
  /// @param has sessions of each node that takes some
  public static List<NodeId> fill(Map<NodeId, Integer> has, int sessions) {
    record Level(NodeId node, int height) {}
    PriorityQueue<Level> lowest =
        new PriorityQueue<>(
            Comparator.comparingInt(Level::height).thenComparing(level -> level.node().value()));
    has.forEach((node, count) -> lowest.add(new Level(node, count)));
    List<NodeId> order = new ArrayList<>();
    while (order.size() < sessions && !lowest.isEmpty()) {
      Level next = lowest.remove();
      order.add(next.node());
      lowest.add(new Level(next.node(), next.height() + 1));
    }
    return order;
  }

  /// What each node should have: equal shares. Where they do not divide, the nodes that have most
  /// keep one more, so that fewer move.
  public static Map<NodeId, Integer> even(Map<NodeId, Integer> has) {
    int total = has.values().stream().mapToInt(Integer::intValue).sum();
    List<NodeId> fullestFirst = new ArrayList<>(has.keySet());
    fullestFirst.sort(
        Comparator.<NodeId>comparingInt(node -> -has.getOrDefault(node, 0))
            .thenComparing(NodeId::value));
    Map<NodeId, Integer> shares = new HashMap<>();
    for (int i = 0; i < fullestFirst.size(); i++) {
      int share = total / fullestFirst.size() + (i < total % fullestFirst.size() ? 1 : 0);
      shares.put(fullestFirst.get(i), share);
    }
    return shares;
  }

  /// The moves that make the shares even, or go so much of the way.
  ///
  /// @param givers nodes that send sessions away; others keep what they have above their share
  /// @param fraction of each surplus that moves, above 0 and at most 1
  public static Map<NodeId, SessionsOrder> moves(
      Map<NodeId, Integer> has, List<NodeId> givers, double fraction) {
    Map<NodeId, Integer> shares = even(has);
    Map<NodeId, Integer> takers = new HashMap<>(has);
    takers.keySet().removeIf(node -> has.getOrDefault(node, 0) >= shares.getOrDefault(node, 0));
    Map<NodeId, SessionsOrder> orders = new TreeMap<>(Comparator.comparing(NodeId::value));
    for (NodeId giver : givers) {
      int surplus = has.getOrDefault(giver, 0) - shares.getOrDefault(giver, 0);
      Map<NodeId, Integer> moves = new TreeMap<>(Comparator.comparing(NodeId::value));
      for (NodeId taker : fill(takers, (int) Math.ceil(Math.max(0, surplus) * fraction))) {
        moves.merge(taker, 1, Integer::sum);
        takers.merge(taker, 1, Integer::sum);
      }
      if (!moves.isEmpty()) {
        orders.put(giver, order(moves));
      }
    }
    return orders;
  }

  private static SessionsOrder order(Map<NodeId, Integer> moves) {
    return new SessionsOrder(
        moves.entrySet().stream()
            .map(move -> new SessionsOrder.Move(move.getKey(), move.getValue()))
            .toList());
  }
}
