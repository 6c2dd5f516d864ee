package dev.flotilla.gateway.dialect.work;

import static dev.flotilla.gateway.dialect.work.Things.ifThere;
import static dev.flotilla.gateway.dialect.work.Things.seconds;

import dev.flotilla.contract.CommandKind;
import dev.flotilla.contract.Topic;
import dev.flotilla.fault.Fault;
import dev.flotilla.gateway.feed.Gap;
import dev.flotilla.gateway.feed.Position;
import dev.flotilla.identity.Ids;
import dev.flotilla.wire.RawJson;
import dev.flotilla.work.v1.WorkProto;
import dev.flotilla.work.v1.WorkProto.AuthRefreshed;
import dev.flotilla.work.v1.WorkProto.ErrorResponse;
import dev.flotilla.work.v1.WorkProto.GapReason;
import dev.flotilla.work.v1.WorkProto.Notice;
import dev.flotilla.work.v1.WorkProto.NoticeKind;
import dev.flotilla.work.v1.WorkProto.Pong;
import dev.flotilla.work.v1.WorkProto.Response;
import dev.flotilla.work.v1.WorkProto.SubscriptionConfirmed;
import dev.flotilla.work.v1.WorkProto.WebSocketMessage;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the server tells one session about itself. Each method makes one whole `WebSocketMessage`.
///
/// A `position` is where the session is in the log, null where that is not known.
public final class SessionMessages {
  private final Clock clock;

  public SessionMessages(Clock clock) {
    this.clock = clock;
  }

  /// Answers Subscribe and Unsubscribe.
  ///
  /// @param requestId the `message_id` that is answered
  /// @param topics all that the session has now
  public byte[] confirmed(
      String requestId,
      Collection<Topic> topics,
      @Nullable Position position,
      @Nullable Position head) {
    SubscriptionConfirmed.Builder confirmed = subscriptions(topics).setRequestMessageId(requestId);
    ifThere(head, end -> confirmed.setHead(of(end)));
    return bytes(envelope(position).setSubscriptionConfirmed(confirmed));
  }

  public byte[] pong(WorkFrame.Ping ping, @Nullable Position position) {
    WebSocketMessage.Builder envelope = envelope(position);
    return bytes(
        envelope.setPong(
            Pong.newBuilder()
                .setTimestamp(envelope.getTimestamp())
                .setClientTimestamp(ping.timestamp())));
  }

  /// Answers a request in the form that it had itself.
  public byte[] response(
      WorkFrame.Request request, CommandKind kind, RawJson result, String correlationId) {
    Response.Builder response =
        Response.newBuilder().setRequestMessageId(request.id()).setMethod(request.method());
    if (request.typed()) {
      TypedRequests.answer(response, kind, result);
    } else {
      response.setResult(result.text());
    }
    return bytes(envelope(null).setCorrelationId(correlationId).setResponse(response));
  }

  /// @param requestId of the message that failed, empty where it could not be read
  public byte[] error(String requestId, Fault fault, String correlationId) {
    ErrorResponse.Builder error =
        ErrorResponse.newBuilder()
            .setErrorCode(fault.code().name())
            .setErrorMessage(fault.message())
            .setRequestMessageId(requestId)
            .setReason(fault.reason().name())
            .setRetryable(fault.retryable());
    ifThere(fault.field(), error::setFieldName);
    ifThere(fault.retryAfterMs(), error::setRetryAfterMs);
    return bytes(envelope(null).setCorrelationId(correlationId).setErrorResponse(error));
  }

  public byte[] gap(Gap gap) {
    WorkProto.Gap.Builder out = WorkProto.Gap.newBuilder().setReason(reason(gap.reason()));
    ifThere(gap.from(), out::setFromSeq);
    ifThere(gap.to(), out::setToSeq);
    return bytes(envelope(gap.position()).setGap(out));
  }

  /// The node is about to close the session.
  ///
  /// @param reconnectUrl where the client should come back, null for anywhere
  public byte[] drain(long retryAfterMs, @Nullable String reconnectUrl) {
    Notice.Builder notice =
        Notice.newBuilder()
            .setKind(NoticeKind.NOTICE_KIND_DRAIN)
            .setMessage("This node is about to close the session.")
            .setRetryAfterMs(retryAfterMs);
    ifThere(reconnectUrl, notice::setReconnectUrl);
    return bytes(envelope(null).setNotice(notice));
  }

  public byte[] tokenExpiring(Instant expiresAt) {
    return bytes(
        envelope(null)
            .setNotice(
                Notice.newBuilder()
                    .setKind(NoticeKind.NOTICE_KIND_TOKEN_EXPIRING)
                    .setMessage("The token is about to expire.")
                    .setDueAt(seconds(expiresAt))));
  }

  /// Answers AuthRefresh.
  ///
  /// @param expiresAt when the new token ends
  /// @param topics all that the session has left
  public byte[] refreshed(String requestId, Instant expiresAt, Collection<Topic> topics) {
    return bytes(
        envelope(null)
            .setAuthRefreshed(
                AuthRefreshed.newBuilder()
                    .setRequestMessageId(requestId)
                    .setExpiresAt(seconds(expiresAt))
                    .setSubscriptions(subscriptions(topics))));
  }

  /// Several messages in one, for a client that asked for batches.
  ///
  /// @param messages each a whole `WebSocketMessage`, as it would be sent alone
  public byte[] batch(List<byte[]> messages, @Nullable Position position) {
    return Batch.append(bytes(envelope(position)), messages);
  }

  private WebSocketMessage.Builder envelope(@Nullable Position position) {
    WebSocketMessage.Builder envelope =
        WebSocketMessage.newBuilder()
            .setMessageId(Ids.next(clock))
            .setTimestamp(seconds(clock.instant()));
    ifThere(position, place -> envelope.setPosition(of(place)));
    return envelope;
  }

  private static byte[] bytes(WebSocketMessage.Builder message) {
    return message.build().toByteArray();
  }

  private static SubscriptionConfirmed.Builder subscriptions(Collection<Topic> topics) {
    SubscriptionConfirmed.Builder out = SubscriptionConfirmed.newBuilder();
    topics.stream()
        .sorted((left, right) -> left.name().compareTo(right.name()))
        .forEach(topic -> add(out, topic));
    return out;
  }

  /// Of the topics that exist, a work session can only have these.
  private static void add(SubscriptionConfirmed.Builder out, Topic topic) {
    switch (topic.family()) {
      case PROJECT -> out.addSubscribedProjectIds(topic.id());
      case SPRINT -> out.addSubscribedSprintIds(topic.id());
      case ITEM -> out.addSubscribedWorkItemIds(topic.id());
      case PRESENCE -> out.setPresence(true);
      default -> throw new IllegalArgumentException("no topic of the work dialect: " + topic);
    }
  }

  private static WorkProto.Position of(Position position) {
    return WorkProto.Position.newBuilder()
        .setEpoch(position.epoch())
        .setSeq(position.seq())
        .build();
  }

  private static GapReason reason(Gap.Cause cause) {
    return switch (cause) {
      case RETENTION -> GapReason.GAP_REASON_RETENTION;
      case EPOCH_CHANGED -> GapReason.GAP_REASON_EPOCH_CHANGED;
      case AHEAD_OF_HEAD -> GapReason.GAP_REASON_AHEAD_OF_HEAD;
    };
  }
}
