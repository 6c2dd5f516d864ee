package dev.flotilla.gateway.dialect.control;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flotilla.fault.Fault;
import dev.flotilla.fault.FaultException;
import dev.flotilla.fault.Reason;
import dev.flotilla.gateway.wire.Fields;
import dev.flotilla.gateway.wire.StrictJson;
import dev.flotilla.telemetry.Tracing;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Text to [ClientFrame]. It accepts exactly what `contract/control/connect.json` and `req.json`
/// do.
public final class FrameDecoder {
  private static final Set<String> CONNECT =
      Set.of("type", "id", "minProtocol", "maxProtocol", "auth", "client");
  private static final Set<String> REQ =
      Set.of("type", "id", "method", "params", "idempotencyKey", "traceparent");
  private static final int MAX_PROTOCOL = 1000;
  static final int MAX_TOKEN = 16_384;

  private FrameDecoder() {}

  public static ClientFrame decode(String text) {
    String type = null;
    try {
      ObjectNode frame = StrictJson.object(text);
      type = frame.path("type").textValue();
      return decode(type, frame);
    } catch (FaultException bad) {
      return new ClientFrame.Malformed(type, bad.fault());
    }
  }

  /// A `req` that came by itself, of which `type` and `id` may be left out.
  ///
  /// @param id of one that has none
  public static ClientFrame.Req call(ObjectNode body, String id) {
    Fields fields = Fields.closed(body, Reason.INVALID_FIELD, REQ);
    if (fields.has("type") && !fields.word("type").equals("req")) {
      throw new Fault(Reason.UNKNOWN_TYPE, "Only 'req' can be called.", "type", null).asException();
    }
    return req(fields, fields.has("id") ? fields.word("id") : id);
  }

  private static ClientFrame decode(@Nullable String type, ObjectNode frame) {
    return switch (type) {
      case "connect" -> connect(Fields.closed(frame, Reason.INVALID_FRAME, CONNECT));
      case "req" -> {
        Fields fields = Fields.closed(frame, Reason.INVALID_FRAME, REQ);
        yield req(fields, fields.word("id"));
      }
      case null ->
          throw new Fault(Reason.INVALID_FRAME, "'type' must be a text.", "type", null)
              .asException();
      default ->
          throw new Fault(
                  Reason.UNKNOWN_TYPE, "Clients send 'connect' and 'req' only.", "type", null)
              .asException();
    };
  }

  private static ClientFrame connect(Fields fields) {
    String id = fields.word("id");
    int min = (int) fields.integer("minProtocol", 1, MAX_PROTOCOL);
    int max = (int) fields.integer("maxProtocol", 1, MAX_PROTOCOL);
    String token =
        fields.has("auth") ? fields.inner("auth", Set.of("token")).text("token", MAX_TOKEN) : null;
    String client =
        fields.has("client") ? client(fields.inner("client", Set.of("name", "version"))) : null;
    return new ClientFrame.Connect(id, min, max, token, client);
  }

  private static String client(Fields fields) {
    String name = fields.label("name");
    return fields.has("version") ? name + "/" + fields.label("version") : name;
  }

  private static ClientFrame.Req req(Fields fields, String id) {
    return new ClientFrame.Req(
        id,
        fields.word("method"),
        fields.objectOrEmpty("params"),
        fields.optionalWord("idempotencyKey"),
        Tracing.valid(fields.optionalWord("traceparent")));
  }
}
