package dev.flotilla.gateway.dialect.dashboard;

import dev.flotilla.config.FleetConfig.DialectLimits;
import dev.flotilla.contract.Contract;
import dev.flotilla.gateway.feed.Position;
import dev.flotilla.gateway.session.Conversation;
import dev.flotilla.gateway.session.Dialect;
import dev.flotilla.gateway.session.Line;
import dev.flotilla.gateway.wire.Encoding;
import dev.flotilla.gateway.wire.Frame;
import dev.flotilla.log.Event;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What live dashboards speak: a few broad subscriptions, updates of each, and data on request.
public record DashboardDialect(DialectLimits limits) implements Dialect {
  static final Contract CONTRACT = Contract.DASHBOARD;

  @Override
  public Encoding encoding() {
    return Encoding.DASHBOARD;
  }

  @Override
  public List<String> paths() {
    return List.of("/api/dashboard/ws/dashboard", "/api/v1/dashboard/ws/dashboard");
  }

  @Override
  public String subprotocol() {
    return "fleet.dashboard.v1";
  }

  @Override
  public Admission admission() {
    return Admission.AFTER_UPGRADE;
  }

  /// Seed 002 lets dashboards in without a login where the operator says so.
  @Override
  public boolean admitsGuests() {
    return true;
  }

  @Override
  public int maxTopics() {
    return DashboardSubscription.topicsOfAll();
  }

  /// The event's topics say which subscription it belongs to, and with that the message's type.
  @Override
  public @Nullable Frame render(Event event, String epoch) {
    DashboardSubscription subscription = DashboardSubscription.carrying(event.topics());
    return subscription == null ? null : update(subscription, event, epoch).encode();
  }

  static ServerMessage update(DashboardSubscription subscription, Event event, String epoch) {
    Long seq = event.seq();
    return new ServerMessage.Update(
        subscription.updateType(),
        subscription.wireName(),
        event.kind().wireName(),
        event.payload(),
        seq == null ? null : new Position(epoch, seq),
        event.actor(),
        event.at().truncatedTo(ChronoUnit.MILLIS).toString(),
        event.traceId(epoch));
  }

  @Override
  public Conversation converse(Line line) {
    return new DashboardConversation(line, limits);
  }
}
