package dev.flotilla.gateway.dialect.work;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.flotilla.config.Secret;
import dev.flotilla.contract.CommandKind;
import dev.flotilla.contract.Topic;
import dev.flotilla.contract.TopicFamily;
import dev.flotilla.fault.Fault;
import dev.flotilla.fault.FaultException;
import dev.flotilla.fault.Reason;
import dev.flotilla.gateway.feed.Position;
import dev.flotilla.identity.Ids;
import dev.flotilla.work.v1.WorkProto.Request;
import dev.flotilla.work.v1.WorkProto.Subscribe;
import dev.flotilla.work.v1.WorkProto.Unsubscribe;
import dev.flotilla.work.v1.WorkProto.WebSocketMessage;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Bytes to [WorkFrame]. It never throws, whatever the bytes are.
public final class WorkDecoder {
  static final int MAX_IDS = 1000;
  static final int MAX_WORD = 128;
  static final int MAX_TOKEN = 16_384;
  static final long MAX_SEQ = (1L << 53) - 1;

  private WorkDecoder() {}

  public static WorkFrame decode(byte[] bytes) {
    try {
      return decode(WebSocketMessage.parseFrom(bytes));
    } catch (InvalidProtocolBufferException bad) {
      String id = bad.getUnfinishedMessage() instanceof WebSocketMessage begun ? idOf(begun) : "";
      return new WorkFrame.Malformed(
          id, Fault.of(Reason.NOT_PROTOBUF, "This is not a WebSocketMessage of flotilla.work.v1."));
    }
  }

  private static WorkFrame decode(WebSocketMessage message) {
    String id = idOf(message);
    try {
      if (!id.equals(message.getMessageId())) {
        throw wrong("message_id", "must have at most 128 printable characters without spaces");
      }
      return payload(id, message);
    } catch (FaultException refused) {
      return new WorkFrame.Malformed(id, refused.fault());
    }
  }

  /// A oneof that this version does not know looks like none.
  private static WorkFrame payload(String id, WebSocketMessage message) {
    return switch (message.getPayloadCase()) {
      case SUBSCRIBE -> subscribe(id, message.getSubscribe());
      case UNSUBSCRIBE -> unsubscribe(id, message.getUnsubscribe());
      case PING -> new WorkFrame.Ping(id, message.getPing().getTimestamp());
      case REQUEST -> request(id, message.getRequest());
      case AUTH_REFRESH -> new WorkFrame.AuthRefresh(id, token(message));
      case PAYLOAD_NOT_SET ->
          throw unknownType("The message has no payload, or one that this server does not know.");
      default -> typed(id, message);
    };
  }

  private static WorkFrame subscribe(String id, Subscribe subscribe) {
    return new WorkFrame.Subscribe(
        id,
        topics(
            subscribe.getProjectIdsList(),
            subscribe.getSprintIdsList(),
            subscribe.getWorkItemIdsList(),
            subscribe.getPresence()),
        subscribe.hasSince()
            ? position(subscribe.getSince().getEpoch(), subscribe.getSince().getSeq())
            : null,
        subscribe.getBatches());
  }

  private static WorkFrame unsubscribe(String id, Unsubscribe unsubscribe) {
    return new WorkFrame.Unsubscribe(
        id,
        topics(
            unsubscribe.getProjectIdsList(),
            unsubscribe.getSprintIdsList(),
            unsubscribe.getWorkItemIdsList(),
            unsubscribe.getPresence()));
  }

  private static WorkFrame request(String id, Request request) {
    if (request.getMethod().isEmpty() || !isWord(request.getMethod())) {
      throw wrong("method", "must have 1 to 128 printable characters without spaces");
    }
    return new WorkFrame.Request(
        id, request.getMethod(), request.getParams(), key(request.getIdempotencyKey()), false);
  }

  private static WorkFrame typed(String id, WebSocketMessage message) {
    CommandKind kind = TypedRequests.kind(message);
    if (kind == null) {
      throw unknownType(
          "Clients send requests, Subscribe, Unsubscribe, Ping and AuthRefresh only.");
    }
    return new WorkFrame.Request(
        id,
        kind.method(),
        TypedRequests.params(message, kind),
        key(message.getIdempotencyKey()),
        true);
  }

  private static @Nullable String key(String key) {
    if (!isWord(key)) {
      throw wrong("idempotency_key", "must have at most 128 printable characters without spaces");
    }
    return key.isEmpty() ? null : key;
  }

  private static Set<Topic> topics(
      List<String> projects, List<String> sprints, List<String> items, boolean presence) {
    Set<Topic> topics = new LinkedHashSet<>();
    add(topics, TopicFamily.PROJECT, "project_ids", projects);
    add(topics, TopicFamily.SPRINT, "sprint_ids", sprints);
    add(topics, TopicFamily.ITEM, "work_item_ids", items);
    if (presence) {
      topics.add(Topic.of(TopicFamily.PRESENCE));
    }
    return topics;
  }

  private static void add(Set<Topic> topics, TopicFamily family, String field, List<String> ids) {
    if (ids.size() > MAX_IDS) {
      throw wrong(field, "must hold at most " + MAX_IDS + " ids");
    }
    for (String id : ids) {
      if (!Ids.isValid(id)) {
        throw wrong(
            field,
            "must hold ids of 1 to 128 letters, digits or . _ @ - that start with a letter or"
                + " digit");
      }
      topics.add(Topic.of(family, id));
    }
  }

  private static Position position(String epoch, long seq) {
    if (epoch.isEmpty() || !isWord(epoch)) {
      throw wrong("since.epoch", "must have 1 to 128 printable characters without spaces");
    }
    if (seq < 0 || seq > MAX_SEQ) {
      throw wrong("since.seq", "must be from 0 to " + MAX_SEQ);
    }
    return new Position(epoch, seq);
  }

  private static Secret token(WebSocketMessage message) {
    String token = message.getAuthRefresh().getToken();
    if (token.isEmpty() || token.length() > MAX_TOKEN) {
      throw wrong("token", "must have 1 to " + MAX_TOKEN + " characters");
    }
    return new Secret(token);
  }

  /// Empty where the message has none that could be repeated.
  private static String idOf(WebSocketMessage message) {
    return isWord(message.getMessageId()) ? message.getMessageId() : "";
  }

  private static boolean isWord(String text) {
    return text.length() <= MAX_WORD && text.chars().allMatch(c -> c > ' ' && c <= '~');
  }

  private static FaultException wrong(String field, String rule) {
    return Fault.invalid(field, "'" + field + "' " + rule + ".").asException();
  }

  private static FaultException unknownType(String message) {
    return new Fault(Reason.UNKNOWN_TYPE, message, "payload", null).asException();
  }
}
