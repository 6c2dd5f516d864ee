package dev.flotilla.gateway.dialect.chat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flotilla.fault.Fault;
import dev.flotilla.fault.FaultException;
import dev.flotilla.fault.Reason;
import dev.flotilla.gateway.dialect.chat.ClientMessage.Request;
import dev.flotilla.gateway.feed.Position;
import dev.flotilla.gateway.wire.Fields;
import dev.flotilla.gateway.wire.StrictJson;
import dev.flotilla.identity.Ids;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Text to [ClientMessage]. It accepts exactly what `contract/chat/chat.yml` lets clients send.
final class MessageDecoder {
  static final int VERSION = 1;
  static final Pattern REQ_ID = Pattern.compile("[!-~]{1,60}");

  private static final Set<String> ENVELOPE = Set.of("v", "type", "topic", "req_id", "ts", "data");
  private static final Pattern ID = Pattern.compile(Ids.PATTERN);
  private static final Pattern TOPIC = Pattern.compile("system|(thread|agent):" + Ids.PATTERN);
  private static final Pattern TEXT = Pattern.compile("[^\\x00]*");
  private static final int MAX_TEXT = 65_536;
  private static final int MAX_TOKEN = 16_384;
  private static final int MAX_HISTORY = 200;
  private static final long MAX_EXACT = (1L << 53) - 1;

  private MessageDecoder() {}

  static ClientMessage decode(String text) {
    String reqId = null;
    try {
      ObjectNode message = StrictJson.object(text);
      reqId = reqId(message);
      return decode(message, reqId);
    } catch (FaultException bad) {
      return new ClientMessage.Malformed(reqId, bad.fault());
    }
  }

  /// Also that of a message which is wrong elsewhere, so that its sender knows which.
  private static @Nullable String reqId(ObjectNode message) {
    String reqId = message.path("req_id").textValue();
    return reqId != null && REQ_ID.matcher(reqId).matches() ? reqId : null;
  }

  private static ClientMessage decode(ObjectNode message, @Nullable String reqId) {
    Fields envelope = Fields.closed(message, Reason.INVALID_FRAME, ENVELOPE);
    if (envelope.integer("v", 0, MAX_EXACT) != VERSION) {
      throw new Fault(Reason.UNSUPPORTED_VERSION, "This is version " + VERSION + ".", "v", null)
          .asException();
    }
    if (envelope.has("req_id")) {
      envelope.matching("req_id", REQ_ID, "must be 1 to 60 printable characters without spaces");
    }
    envelope.integer("ts", 0, MAX_EXACT);
    String topic =
        envelope.matching("topic", TOPIC, "must be system, thread:{thread_id} or agent:{agent_id}");
    return new ClientMessage.Asked(
        topic, reqId, request(message.path("type").textValue(), envelope));
  }

  private static Request request(@Nullable String type, Fields envelope) {
    return switch (type) {
      case "subscribe_thread" ->
          subscribeThread(envelope.object("data", Set.of("thread_id", "since", "limit")));
      case "unsubscribe_thread" ->
          new Request.UnsubscribeThread(
              id("thread_id", envelope.object("data", Set.of("thread_id"))));
      case "subscribe_agent" ->
          new Request.SubscribeAgent(id("agent_id", envelope.object("data", Set.of("agent_id"))));
      case "unsubscribe_agent" ->
          new Request.UnsubscribeAgent(id("agent_id", envelope.object("data", Set.of("agent_id"))));
      case "send_message" -> sendMessage(envelope.object("data", Set.of("thread_id", "text")));
      case "abort_message" ->
          new Request.AbortMessage(id("thread_id", envelope.object("data", Set.of("thread_id"))));
      case "auth_refresh" ->
          new Request.AuthRefresh(
              envelope.object("data", Set.of("token")).text("token", MAX_TOKEN));
      case "pong" -> {
        envelope.object("data", Set.of());
        yield new Request.Pong();
      }
      case null ->
          throw new Fault(Reason.INVALID_FRAME, "'type' must be a text.", "type", null)
              .asException();
      default ->
          throw new Fault(
                  Reason.UNKNOWN_TYPE, "Clients send no message of that type.", "type", null)
              .asException();
    };
  }

  private static Request subscribeThread(Fields data) {
    String thread = id("thread_id", data);
    Position since = null;
    if (data.has("since")) {
      Fields position = data.object("since", Set.of("epoch", "seq"));
      since = new Position(position.word("epoch"), position.integer("seq", 0, MAX_EXACT));
    }
    Integer limit = data.has("limit") ? (int) data.integer("limit", 1, MAX_HISTORY) : null;
    return new Request.SubscribeThread(thread, since, limit);
  }

  private static Request sendMessage(Fields data) {
    String thread = id("thread_id", data);
    data.text("text", MAX_TEXT);
    return new Request.SendMessage(
        thread, data.matching("text", TEXT, "must not contain the character U+0000"));
  }

  private static String id(String name, Fields data) {
    return data.matching(
        name, ID, "must be 1 to 128 letters, digits or . _ @ - and start with one of the former");
  }
}
