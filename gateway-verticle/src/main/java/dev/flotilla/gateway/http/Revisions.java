package dev.flotilla.gateway.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flotilla.contract.CommandKind;
import dev.flotilla.fault.Fault;
import dev.flotilla.fault.FaultException;
import dev.flotilla.fault.Reason;
import dev.flotilla.identity.Ids;
import dev.flotilla.wire.Json;
import dev.flotilla.wire.RawJson;
import dev.flotilla.wire.RecordField;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// `ETag` and `If-Match` for whatever has a `revision`, which the command table says: a result with
/// that field is tagged with it, and params with that field get it from the header. Beside what was
/// written, answers show what is so at the moment, without another revision: so the tag has a hash
/// of all of the answer, too.
final class Revisions {
  private static final String FIELD = "revision";
  private static final String ANY = "*";
  private static final int SHOWN = 16;
  private static final Pattern TAG = Pattern.compile("\\s*\"(\\d{1,18})(?:-[0-9a-f]+)?\"\\s*");

  private Revisions() {}

  /// The tag of an answer, or null.
  static @Nullable String tag(CommandKind kind, RawJson result) {
    if (!has(kind.result())) {
      return null;
    }
    JsonNode revision = Json.read(result.text(), JsonNode.class).path(FIELD);
    return revision.isIntegralNumber()
        ? "\""
            + revision.asLong()
            + "-"
            + Ids.sha256("etag", result.text()).substring(0, SHOWN)
            + "\""
        : null;
  }

  /// True where the client has this already.
  static boolean isKnown(HttpServerRequest request, @Nullable String tag) {
    String known = request.getHeader(HttpHeaders.IF_NONE_MATCH);
    return known != null
        && tag != null
        && Arrays.stream(known.split(",", -1))
            .map(each -> each.strip().replaceFirst("^W/", ""))
            .anyMatch(each -> each.equals(tag) || each.equals(ANY));
  }

  /// Puts what `If-Match` says into the params.
  static void expect(HttpServerRequest request, CommandKind kind, ObjectNode body) {
    String wanted = request.getHeader(HttpHeaders.IF_MATCH);
    if (wanted == null || wanted.strip().equals(ANY)) {
      return;
    }
    if (!kind.changesState() || !has(kind.params())) {
      throw Fault.invalid("If-Match", "This has no revision that could match.").asException();
    }
    Matcher tag = TAG.matcher(wanted);
    if (!tag.matches()) {
      throw Fault.invalid("If-Match", "This is no ETag of an answer.").asException();
    }
    if (body.has(FIELD)) {
      throw Fault.invalid(FIELD, "'revision' is in If-Match already.").asException();
    }
    body.put(FIELD, Long.parseLong(tag.group(1)));
  }

  /// What was changed meanwhile is a condition that does not hold, where there was one.
  static Throwable refusal(HttpServerRequest request, Throwable failure) {
    Fault fault = FaultException.in(failure);
    return fault != null
            && fault.reason() == Reason.STALE_REVISION
            && request.getHeader(HttpHeaders.IF_MATCH) != null
        ? Fault.of(Reason.PRECONDITION_FAILED, fault.message()).asException()
        : failure;
  }

  /// Whether the table says that it has a revision.
  static boolean has(Class<?> record) {
    return RecordField.of(record).stream().anyMatch(field -> field.name().equals(FIELD));
  }
}
