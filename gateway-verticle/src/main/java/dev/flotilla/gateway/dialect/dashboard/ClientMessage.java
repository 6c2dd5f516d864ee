package dev.flotilla.gateway.dialect.dashboard;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flotilla.fault.Fault;
import dev.flotilla.fault.Reason;
import dev.flotilla.gateway.feed.Position;
import dev.flotilla.gateway.wire.StrictJson;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What a client asks for. Fields that nobody knows are passed over, so that old servers understand
/// new clients.
sealed interface ClientMessage {

  record Ping() implements ClientMessage {}

  /// @param names as the client gave them, each once
  /// @param since where the stream is to start again, null to go on where it is
  record Subscribe(Set<String> names, @Nullable Position since) implements ClientMessage {}

  record Unsubscribe(Set<String> names) implements ClientMessage {}

  record DataRequest(String dataType, ObjectNode params) implements ClientMessage {}

  record AuthRefresh(String token) implements ClientMessage {}

  /// What one message is about, whether or not it can be understood.
  ///
  /// @param correlationId the client's own, null where it gave none
  record Envelope(ObjectNode content, String type, @Nullable String correlationId) {
    private static final Pattern CORRELATION = Pattern.compile("[!-~]{1,128}");

    /// The message in a text, or a VALIDATION_ERROR where it is not one JSON object.
    static Envelope of(String text) {
      ObjectNode content = StrictJson.object(text);
      String given = content.path("correlation_id").textValue();
      boolean usable = given != null && CORRELATION.matcher(given).matches();
      return new Envelope(content, content.path("type").asText(), usable ? given : null);
    }
  }

  int MAX_NAMES = 100;

  /// Throws a VALIDATION_ERROR where it is none of the contract.
  static ClientMessage of(Envelope envelope) {
    ObjectNode content = envelope.content();
    return switch (envelope.type()) {
      case "ping" -> new Ping();
      case "subscribe" -> new Subscribe(names(content), since(content));
      case "unsubscribe" -> new Unsubscribe(names(content));
      case "request_data" -> new DataRequest(text(content, "data_type"), params(content));
      case "auth_refresh" -> new AuthRefresh(text(content, "token"));
      default ->
          throw Fault.of(
                  Reason.UNKNOWN_TYPE,
                  "There is no message type '" + Shown.of(envelope.type()) + "'.")
              .asException();
    };
  }

  private static Set<String> names(ObjectNode content) {
    JsonNode list = content.path("subscriptions");
    Set<String> names = new LinkedHashSet<>();
    boolean texts = list.isArray() && list.size() <= MAX_NAMES;
    for (JsonNode item : list) {
      texts &= item.isTextual();
      names.add(item.asText());
    }
    if (!texts) {
      throw Fault.invalid(
              "subscriptions", "'subscriptions' must be a list of at most " + MAX_NAMES + " names.")
          .asException();
    }
    return names;
  }

  private static @Nullable Position since(ObjectNode content) {
    JsonNode since = content.path("since");
    if (since.isMissingNode() || since.isNull()) {
      return null;
    }
    JsonNode seq = since.path("seq");
    boolean position =
        since.path("epoch").isTextual()
            && seq.isIntegralNumber()
            && seq.canConvertToLong()
            && seq.asLong() >= 0;
    if (!position) {
      throw Fault.invalid("since", "'since' must be a position: an epoch and a seq.").asException();
    }
    return new Position(since.path("epoch").asText(), seq.asLong());
  }

  private static ObjectNode params(ObjectNode content) {
    JsonNode params = content.path("params");
    if (params instanceof ObjectNode object) {
      return object;
    }
    if (params.isMissingNode() || params.isNull()) {
      return StrictJson.emptyObject();
    }
    throw Fault.invalid("params", "'params' must be an object.").asException();
  }

  private static String text(ObjectNode content, String field) {
    String text = content.path(field).textValue();
    if (text == null || text.isEmpty()) {
      throw Fault.invalid(field, "'" + field + "' must be a text.").asException();
    }
    return text;
  }
}
