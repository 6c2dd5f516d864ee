package dev.flotilla.gateway.dialect.control;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.flotilla.contract.Topic;
import dev.flotilla.fault.Fault;
import dev.flotilla.gateway.feed.Gap;
import dev.flotilla.gateway.feed.Position;
import dev.flotilla.gateway.session.Notice;
import dev.flotilla.gateway.wire.Frame;
import dev.flotilla.identity.NodeId;
import dev.flotilla.identity.TenantId;
import dev.flotilla.identity.UserId;
import dev.flotilla.log.Event;
import dev.flotilla.wire.RawJson;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the server sends: the records whose JSON is
/// `contract/control/{hello,res,event,error}.json`.
public sealed interface ServerFrame {

  @JsonProperty
  String type();

  default Frame encode() {
    return Frame.text(this);
  }

  record Hello(
      String type,
      String id,
      int protocol,
      String version,
      NodeId node,
      String session,
      Identity principal,
      @Nullable Position position,
      Policy policy,
      List<String> methods,
      List<String> topics)
      implements ServerFrame {}

  record Identity(
      TenantId tenant, UserId user, List<String> roles, List<String> scopes, Instant expiresAt) {}

  record Policy(
      int maxPayload,
      int maxSubscriptions,
      int maxQueuedBytes,
      int maxRequests,
      long tickIntervalMs,
      long pingIntervalMs,
      long pongTimeoutMs) {}

  record Res(
      String type, String id, boolean ok, @Nullable RawJson payload, @Nullable FaultBody error)
      implements ServerFrame {}

  /// @param payload any record or [RawJson]
  record EventFrame(
      String type,
      String event,
      @Nullable List<Topic> topics,
      @Nullable Long seq,
      @Nullable String epoch,
      Instant ts,
      @Nullable String correlationId,
      @Nullable String actor,
      Object payload)
      implements ServerFrame {}

  record ErrorFrame(String type, FaultBody error) implements ServerFrame {}

  /// The payload of `connect.challenge`.
  record Challenge(String nonce, Instant ts) {}

  /// The payload of `tick`.
  record Tick(@Nullable Position position) {}

  /// The payload of `drain`.
  record Drain(String reason, long retryAfterMs, @Nullable URI node) {}

  /// The payload of an answer that moved the stream.
  record Placed(List<String> topics, Position position, Position head) {}

  /// The payload of `auth.expiring`.
  record TokenEnds(Instant expiresAt) {}

  /// The payload of an answer to `publish`.
  record Published(Topic topic) {}

  /// The payload of an answer to `ping`.
  record Pong(Instant ts) {}

  static ServerFrame ok(String id, RawJson payload) {
    return new Res("res", id, true, payload, null);
  }

  static ServerFrame refused(String id, Fault fault, String correlationId, Instant now) {
    return new Res("res", id, false, null, FaultBody.of(fault, correlationId, now));
  }

  static ServerFrame error(Fault fault, String correlationId, Instant now) {
    return new ErrorFrame("error", FaultBody.of(fault, correlationId, now));
  }

  static ServerFrame challenge(String nonce, Instant now) {
    return own("connect.challenge", now, new Challenge(nonce, now));
  }

  static ServerFrame tick(@Nullable Position position, Instant now) {
    return own("tick", now, new Tick(position));
  }

  static ServerFrame gap(Gap gap, Instant now) {
    return own("gap", now, gap);
  }

  static ServerFrame drain(Notice.Drain notice, Instant now) {
    return own("drain", now, new Drain(notice.reason(), notice.retryAfterMs(), notice.node()));
  }

  static ServerFrame tokenEnds(Instant expiresAt, Instant now) {
    return own("auth.expiring", now, new TokenEnds(expiresAt));
  }

  /// An event of the log, or an ephemeral one.
  static ServerFrame event(Event event, String epoch) {
    return new EventFrame(
        "event",
        event.kind().wireName(),
        event.topics(),
        event.seq(),
        event.seq() == null ? null : epoch,
        event.at(),
        event.correlationId(),
        event.actor(),
        event.payload());
  }

  private static ServerFrame own(String name, Instant now, Object payload) {
    return new EventFrame("event", name, null, null, null, now, null, null, payload);
  }
}
