package dev.flotilla.gateway.dialect.dashboard;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.flotilla.fault.FaultCode;
import dev.flotilla.fault.Reason;
import dev.flotilla.gateway.feed.Gap;
import dev.flotilla.gateway.feed.Position;
import dev.flotilla.gateway.session.EffectiveLimits;
import dev.flotilla.gateway.wire.Frame;
import dev.flotilla.identity.NodeId;
import dev.flotilla.identity.TenantId;
import dev.flotilla.identity.UserId;
import dev.flotilla.wire.RawJson;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the server sends: the records whose JSON is `contract/dashboard/ws_messages.schema.json`.
/// Times are ISO 8601. Every message has a correlation id: the one of the request that it answers
/// or of the event that it brings, else one of its own.
@JsonNaming(SnakeCaseStrategy.class)
sealed interface ServerMessage {

  @JsonProperty
  String type();

  @JsonProperty
  String correlationId();

  default Frame encode() {
    return Frame.text(this);
  }

  /// @param position null while the tenant's log cannot be read
  record ConnectionEstablished(
      String type,
      String contractVersion,
      String connectionId,
      NodeId node,
      TenantId tenant,
      UserId user,
      List<String> subscriptions,
      @Nullable Position position,
      String timestamp,
      String correlationId)
      implements ServerMessage {}

  /// @param availableSubscriptions those that the principal may have
  record DashboardInitialized(
      String type,
      String contractVersion,
      List<String> subscriptions,
      List<String> availableSubscriptions,
      List<String> dataTypes,
      EffectiveLimits limits,
      String timestamp,
      String correlationId)
      implements ServerMessage {}

  /// @param position where the stream goes on
  /// @param head the end of the log
  record SubscriptionUpdated(
      String type,
      List<String> subscriptions,
      @Nullable Position position,
      @Nullable Position head,
      String timestamp,
      String correlationId)
      implements ServerMessage {}

  /// An event: a message of the `*_update` family, or a `critical_alert`.
  ///
  /// @param event its name, such as `task`
  /// @param data its payload
  /// @param position of a durable event
  record Update(
      String type,
      String subscription,
      String event,
      RawJson data,
      @Nullable Position position,
      @Nullable String actor,
      String timestamp,
      String correlationId)
      implements ServerMessage {}

  record DataResponse(
      String type, String dataType, RawJson data, String timestamp, String correlationId)
      implements ServerMessage {}

  record DataError(
      String type,
      String dataType,
      String error,
      FaultCode code,
      Reason reason,
      @Nullable String field,
      boolean retryable,
      @Nullable Long retryAfterMs,
      String timestamp,
      String correlationId)
      implements ServerMessage {}

  /// @param subscriptions those that it is about
  record ErrorMessage(
      String type,
      String message,
      FaultCode code,
      Reason reason,
      @Nullable String field,
      @Nullable List<String> subscriptions,
      boolean retryable,
      @Nullable Long retryAfterMs,
      String timestamp,
      String correlationId)
      implements ServerMessage {}

  /// @param code what the socket is closed with
  /// @param reconnect true where the client should come back by itself
  /// @param retryAfterMs when
  /// @param node where to, null where any will do
  /// @param expiresAt when the token ends, where it has not yet
  record DisconnectNotice(
      String type,
      String reason,
      String message,
      int code,
      boolean reconnect,
      @Nullable Long retryAfterMs,
      @Nullable URI node,
      @Nullable String expiresAt,
      String timestamp,
      String correlationId)
      implements ServerMessage {}

  record Pong(String type, String timestamp, String correlationId) implements ServerMessage {}

  /// @param dropped subscriptions that the new token does not allow
  record AuthRefreshed(
      String type,
      String expiresAt,
      List<String> subscriptions,
      List<String> dropped,
      String timestamp,
      String correlationId)
      implements ServerMessage {}

  /// Durable events that cannot be sent any more.
  record GapMessage(
      String type,
      @Nullable Long from,
      @Nullable Long to,
      Gap.Cause reason,
      Position position,
      String timestamp,
      String correlationId)
      implements ServerMessage {}
}
