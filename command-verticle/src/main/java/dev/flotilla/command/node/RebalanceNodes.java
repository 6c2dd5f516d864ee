package dev.flotilla.command.node;

import dev.flotilla.balance.SessionsOrder;
import dev.flotilla.balance.SessionsReport;
import dev.flotilla.balance.Shares;
import dev.flotilla.command.pipeline.CommandContext;
import dev.flotilla.contract.Command;
import dev.flotilla.contract.Result.NodeShare;
import dev.flotilla.contract.Result.NodesRebalanced;
import dev.flotilla.fault.Fault;
import dev.flotilla.fault.Reason;
import dev.flotilla.identity.NodeId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Tells gateway nodes with more than their share of sessions to send the surplus to those with
/// less. Each does so in rounds of its own pace; the answer says what was begun.
public record RebalanceNodes(SessionCounts counts) {
  private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

  public NodesRebalanced handle(Command.NodeRebalance command, CommandContext context) {
    Map<NodeId, SessionsReport> reports = counts.all();
    NodeId only = command.node();
    if (only != null && !reports.containsKey(only)) {
      throw Fault.of(Reason.NOT_FOUND, "There is no gateway node " + only + " that answers.")
          .asException();
    }
    if (reports.values().stream().anyMatch(report -> report.leaving() > 0)) {
      throw Fault.retryLater(Reason.IN_PROGRESS, "Sessions are on their way already.", RETRY_AFTER)
          .asException();
    }
    Map<NodeId, Integer> has = new HashMap<>();
    reports.values().stream()
        .filter(report -> !report.draining())
        .forEach(report -> has.put(report.node(), report.sessions()));
    Map<NodeId, SessionsOrder> orders =
        Shares.moves(
            has,
            only == null ? new ArrayList<>(has.keySet()) : List.of(only),
            command.fraction() == null ? 1 : command.fraction());
    orders.keySet().retainAll(counts.ask(orders).keySet());
    return shown(has, orders);
  }

  /// What was ordered of nodes that have answered.
  private static NodesRebalanced shown(
      Map<NodeId, Integer> has, Map<NodeId, SessionsOrder> orders) {
    Map<NodeId, Integer> leaving = new HashMap<>();
    Map<NodeId, Integer> arriving = new HashMap<>();
    orders.forEach(
        (giver, order) ->
            order
                .moves()
                .forEach(
                    move -> {
                      leaving.merge(giver, move.sessions(), Integer::sum);
                      arriving.merge(move.to(), move.sessions(), Integer::sum);
                    }));
    List<NodeShare> items =
        has.entrySet().stream()
            .map(
                one ->
                    new NodeShare(
                        one.getKey(),
                        one.getValue(),
                        leaving.getOrDefault(one.getKey(), 0),
                        arriving.getOrDefault(one.getKey(), 0)))
            .sorted(Comparator.comparing(share -> share.id().value()))
            .toList();
    return new NodesRebalanced(items.stream().mapToInt(NodeShare::leaving).sum(), items);
  }
}
