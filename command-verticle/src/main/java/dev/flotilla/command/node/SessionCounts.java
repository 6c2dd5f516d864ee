package dev.flotilla.command.node;

import dev.flotilla.balance.SessionsOrder;
import dev.flotilla.balance.SessionsReport;
import dev.flotilla.bus.Addresses;
import dev.flotilla.bus.Bus;
import dev.flotilla.cluster.Membership;
import dev.flotilla.cluster.Node;
import dev.flotilla.cluster.NodeRole;
import dev.flotilla.identity.NodeId;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Asks gateway nodes about their sessions, all at the same time. A node that does not answer soon
/// is left out.
public record SessionCounts(Membership membership, Bus bus) {
  private static final Duration LIMIT = Duration.ofMillis(500);

  Map<NodeId, SessionsReport> all() {
    Map<NodeId, SessionsOrder> questions = new HashMap<>();
    for (Node node : membership.withRole(NodeRole.GATEWAY)) {
      questions.put(node.id(), SessionsOrder.COUNT);
    }
    return ask(questions);
  }

  Map<NodeId, SessionsReport> ask(Map<NodeId, SessionsOrder> questions) {
    List<Future<SessionsReport>> answers =
        questions.entrySet().stream()
            .map(one -> bus.ask(Addresses.sessions(one.getKey()), one.getValue(), LIMIT))
            .toList();
    Future.join(answers).otherwiseEmpty().await();
    Map<NodeId, SessionsReport> reports = new HashMap<>();
    for (Future<SessionsReport> answer : answers) {
      if (answer.succeeded()) {
        reports.put(answer.result().node(), answer.result());
      }
    }
    return reports;
  }
}
