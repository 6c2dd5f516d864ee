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

  /// The text that was streamed for a task.
  String output(String taskId) {
    StringBuilder text = new StringBuilder();
    frames.stream()
        .map(frame -> frame.getJsonObject("payload", new JsonObject()))
        .filter(payload -> "output".equals(payload.getString("change")))
        .filter(payload -> taskId.equals(payload.getString("taskId")))
        .forEach(payload -> text.append(payload.getString("text")));
    return text.toString();
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
