package dev.flotilla.fleet.e2e;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// Everything that one client saw, in the order in which it saw it, also over several sessions.
final class EventTape implements Consumer<JsonObject> {
  private final List<JsonObject> frames = new CopyOnWriteArrayList<>();

  @Override
  public void accept(JsonObject frame) {
    frames.add(frame);
  }

  List<JsonObject> frames() {
    return frames;
  }

  /// Positions of the durable events, in the order of arrival.
  List<Long> seqs() {
    return durable().map(frame -> frame.getLong("seq")).toList();
  }

  /// The changes of one task, durable and ephemeral, in the order of arrival.
  List<String> changes(String taskId) {
    return frames.stream()
        .filter(frame -> "task".equals(frame.getString("event")))
        .map(frame -> frame.getJsonObject("payload"))
        .filter(payload -> taskId.equals(taskOf(payload)))
        .map(payload -> payload.getString("change"))
        .toList();
  }

  /// What was told of one person, in the order of arrival.
  List<JsonObject> of(String event, String person, String status) {
    return frames.stream()
        .filter(frame -> event.equals(frame.getString("event")))
        .map(frame -> frame.getJsonObject("payload"))
        .filter(told -> person.equals(told.getString("user", told.getString("userId"))))
        .filter(told -> status.equals(told.getString("status")))
        .toList();
  }

  /// The text that was streamed for a task, put together from its pieces.
  String output(String taskId) {
    StringBuilder text = new StringBuilder();
    pieces(taskId).forEach(piece -> place(text, piece));
    return text.toString();
  }

  /// The same for somebody who has read the history when so many pieces had come.
  String output(String taskId, JsonObject live, int before) {
    StringBuilder text = new StringBuilder(live.getString("text"));
    List<JsonObject> pieces = pieces(taskId);
    for (int i = 0; i < pieces.size(); i++) {
      boolean known = i < before && pieces.get(i).getLong("index") < live.getLong("nextIndex");
      if (!known) {
        place(text, pieces.get(i));
      }
    }
    return text.toString();
  }

  List<JsonObject> pieces(String taskId) {
    return frames.stream()
        .map(frame -> frame.getJsonObject("payload", new JsonObject()))
        .filter(payload -> "output".equals(payload.getString("change")))
        .filter(payload -> taskId.equals(payload.getString("taskId")))
        .toList();
  }

  private static void place(StringBuilder text, JsonObject piece) {
    int index = piece.getInteger("index");
    if (index > text.length()) {
      throw new AssertionError("a piece is missing before " + piece.encode());
    }
    text.setLength(index);
    text.append(piece.getString("text"));
  }

  long lastSeq() {
    return durable().mapToLong(frame -> frame.getLong("seq")).max().orElse(0);
  }

  private Stream<JsonObject> durable() {
    return frames.stream().filter(frame -> frame.containsKey("seq"));
  }

  private static String taskOf(JsonObject payload) {
    return payload.containsKey("taskId")
        ? payload.getString("taskId")
        : payload.getJsonObject("task").getString("id");
  }
}
