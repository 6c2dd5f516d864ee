package dev.flotilla.gateway.dialect.work;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.Message;
import dev.flotilla.contract.CommandKind;
import dev.flotilla.contract.WorkCommand;
import dev.flotilla.fault.Fault;
import dev.flotilla.wire.Json;
import dev.flotilla.wire.RawJson;
import dev.flotilla.work.v1.WorkProto.Response;
import dev.flotilla.work.v1.WorkProto.SprintCreateRequest;
import dev.flotilla.work.v1.WorkProto.WebSocketMessage;
import dev.flotilla.work.v1.WorkProto.WorkItemCreateRequest;
import dev.flotilla.work.v1.WorkProto.WorkItemType;
import dev.flotilla.work.v1.WorkProto.WorkItemUpdateRequest;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Each command about tracked work says the same as a message of its own and as JSON.
class TypedRequestsTest {

  static List<CommandKind> commands() {
    return Arrays.stream(CommandKind.values())
        .filter(kind -> WorkCommand.class.isAssignableFrom(kind.params()))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("commands")
  void aRequestIsTheCommandOfItsName(CommandKind kind) {
    WorkFrame frame = decode(Examples.work(kind.method().replace('.', '_')));
    assertThat(frame)
        .isInstanceOfSatisfying(
            WorkFrame.Request.class,
            request -> {
              assertThat(request.id()).isEqualTo("req-1");
              assertThat(request.method()).isEqualTo(kind.method());
              assertThat(request.typed()).isTrue();
              assertThat(request.idempotencyKey()).isEqualTo(kind.changesState() ? "4f1c2d" : null);
              assertThat(json(request.params()))
                  .isEqualTo(json(Examples.text("command/" + kind.method())));
            });
  }

  @ParameterizedTest
  @MethodSource("commands")
  void anAnswerIsTheResultOfTheCommand(CommandKind kind) {
    String result = kind.result().getSimpleName();
    JsonNode example =
        json(Examples.text("result/" + Things.snake(result).substring(1).replace('_', '-')));
    Response.Builder response = Response.newBuilder();
    TypedRequests.answer(response, kind, RawJson.of(example));

    Response shown =
        Examples.work("response" + Things.snake(result).replaceFirst("_", ".")).getResponse();
    assertThat(response.build())
        .isEqualTo(shown.toBuilder().clearRequestMessageId().clearMethod().build());
    Message value = (Message) shown.getField(TypedRequests.value(kind));
    assertThat(json(ProtoJson.json(value, kind.result()).toString())).isEqualTo(example);
  }

  @Test
  void whatIsNotGivenIsNotSaid() {
    assertThat(params(WorkItemUpdateRequest.newBuilder().setId("a"))).isEqualTo("{\"id\":\"a\"}");
    assertThat(
            params(
                WorkItemUpdateRequest.newBuilder()
                    .setId("a")
                    .setItemType(WorkItemType.WORK_ITEM_TYPE_UNSPECIFIED)
                    .setTitle("")))
        .isEqualTo("{\"id\":\"a\",\"title\":\"\"}");
  }

  @Test
  void aListThatIsClearedIsEmpty() {
    assertThat(
            params(
                WorkItemUpdateRequest.newBuilder()
                    .setId("a")
                    .addClear("labels")
                    .addClear("assignee_id")))
        .isEqualTo("{\"id\":\"a\",\"clear\":[\"assigneeId\"],\"labels\":[]}");
    assertThat(params(WorkItemUpdateRequest.newBuilder().setId("a").addClear("labels")))
        .isEqualTo("{\"id\":\"a\",\"labels\":[]}");
  }

  @Test
  void whatJsonCannotSayIsRefusedByTheNameOfItsField() {
    assertRefused(
        envelope(WorkItemUpdateRequest.newBuilder().setStoryPoints(Double.NaN)), "story_points");
    assertRefused(
        envelope(WorkItemUpdateRequest.newBuilder().setStoryPoints(Double.NEGATIVE_INFINITY)),
        "story_points");
    assertRefused(envelope(WorkItemUpdateRequest.newBuilder().setItemTypeValue(77)), "item_type");
    assertRefused(envelope(WorkItemUpdateRequest.newBuilder().addClear("assigneeId")), "clear");
    assertRefused(
        WebSocketMessage.newBuilder()
            .setSprintCreate(SprintCreateRequest.newBuilder().setStartDate(Long.MAX_VALUE)),
        "start_date");
    assertRefused(
        envelope(WorkItemUpdateRequest.newBuilder()).setIdempotencyKey("a b"), "idempotency_key");
  }

  @ParameterizedTest
  @EnumSource(
      value = WorkItemType.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {"UNRECOGNIZED", "WORK_ITEM_TYPE_UNSPECIFIED"})
  void everyConstantIsItsWord(WorkItemType type) {
    WebSocketMessage.Builder message =
        WebSocketMessage.newBuilder()
            .setWorkItemCreate(WorkItemCreateRequest.newBuilder().setItemType(type));
    String word = type.name().replace("WORK_ITEM_TYPE_", "").toLowerCase(Locale.ROOT);
    assertThat(TypedRequests.params(message.build(), CommandKind.WORK_ITEM_CREATE))
        .contains("\"itemType\":\"" + word + "\"");
  }

  @Test
  void whatANewerNodeAnswersIsAsMuchAsIsKnown() {
    Response.Builder response = Response.newBuilder();
    TypedRequests.answer(
        response,
        CommandKind.SPRINT_GET,
        new RawJson("{\"id\":\"s\",\"status\":\"archived\",\"mood\":{\"of\":[1]},\"goal\":null}"));
    assertThat(response.getSprint().getId()).isEqualTo("s");
    assertThat(response.getSprint().getStatusValue()).isZero();
    assertThat(response.getSprint().hasGoal()).isFalse();
  }

  @Test
  void aFaultNamesTheFieldAsTheMessageDoes() {
    assertThat(ProtoJson.inProto(Fault.invalid("workItemId", "no")).field())
        .isEqualTo("work_item_id");
    Fault none = Fault.notFound("work item", "a");
    assertThat(ProtoJson.inProto(none)).isEqualTo(none);
  }

  private static String params(WorkItemUpdateRequest.Builder request) {
    return TypedRequests.params(envelope(request).build(), CommandKind.WORK_ITEM_UPDATE);
  }

  private static WebSocketMessage.Builder envelope(WorkItemUpdateRequest.Builder request) {
    return WebSocketMessage.newBuilder().setWorkItemUpdate(request);
  }

  private static void assertRefused(WebSocketMessage.Builder message, String field) {
    assertThat(decode(message.build()))
        .isInstanceOfSatisfying(
            WorkFrame.Malformed.class,
            malformed -> assertThat(malformed.fault().field()).isEqualTo(field));
  }

  private static WorkFrame decode(WebSocketMessage message) {
    return WorkDecoder.decode(message.toByteArray());
  }

  private static JsonNode json(String text) {
    return Json.read(text, JsonNode.class);
  }
}
