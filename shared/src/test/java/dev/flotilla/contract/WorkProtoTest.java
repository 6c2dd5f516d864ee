package dev.flotilla.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import dev.flotilla.fault.FaultCode;
import dev.flotilla.work.v1.WorkProto;
import dev.flotilla.work.v1.WorkProto.Response;
import dev.flotilla.work.v1.WorkProto.WebSocketMessage;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Holds `work.proto` and the records of the event table together.
class WorkProtoTest {
  /// What a fact calls otherwise than its message does, because the record is about one item.
  private static final Map<String, String> RENAMED =
      Map.of(
          "AtItem.viewing", "viewing_item_id",
          "AtItem.editing", "editing_item_id",
          "Typing.typing", "is_typing",
          "SyncEnvelope.at", "at_ms",
          "LostField.at", "at_ms",
          "ActivityEntry.at", "at_ms");

  static List<EventKind> workEvents() {
    return Arrays.stream(EventKind.values())
        .filter(kind -> WorkFact.class.isAssignableFrom(kind.payload()))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("workEvents")
  void everyFactIsAMessageWithItsFields(EventKind kind) {
    Map<String, Boolean> expected = fields(kind.payload());
    if (!PeopleFact.class.isAssignableFrom(kind.payload())) {
      expected.put("user_id", true); // The event's actor.
    }
    assertThat(fields(payload(kind))).isEqualTo(expected);
  }

  /// Records that are a message of the same name.
  static List<Class<? extends Record>> things() {
    return List.of(
        WorkItem.class,
        FieldChange.class,
        ItemPlace.class,
        Sprint.class,
        SprintStats.class,
        Comment.class,
        TimeEntry.class,
        Dependency.class,
        WorkCommand.SyncEnvelope.class,
        WorkResult.SyncOutcome.class,
        WorkResult.LostField.class,
        WorkResult.ActivityEntry.class,
        WorkResult.ActivityGap.class,
        WorkResult.Attendant.class);
  }

  static List<CommandKind> workCommands() {
    return Arrays.stream(CommandKind.values())
        .filter(kind -> WorkCommand.class.isAssignableFrom(kind.params()))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("workCommands")
  void everyCommandIsAMessageWithItsFieldsAndSoIsItsAnswer(CommandKind kind) {
    FieldDescriptor request =
        WebSocketMessage.getDescriptor().findFieldByName(kind.method().replace('.', '_'));
    assertThat(fields(request.getMessageType())).isEqualTo(fields(kind.params()));
    String result = kind.result().getSimpleName();
    FieldDescriptor value = Response.getDescriptor().findFieldByName(snake(result).substring(1));
    assertThat(value.getMessageType().getName()).isEqualTo(result);
    assertThat(fields(value.getMessageType())).isEqualTo(fields(kind.result()));
  }

  @ParameterizedTest
  @MethodSource("things")
  void everyThingIsAMessageWithItsFields(Class<?> thing) {
    Descriptor message = WorkProto.getDescriptor().findMessageTypeByName(thing.getSimpleName());
    assertThat(fields(message)).isEqualTo(fields(thing));
  }

  @Test
  void everyEnumHasTheConstantsOfItsJavaEnum() {
    assertThat(constants("WorkItemType")).isEqualTo(names(WorkItemType.values()));
    assertThat(constants("WorkItemPriority")).isEqualTo(names(Priority.values()));
    assertThat(constants("SprintStatus")).isEqualTo(names(SprintStatus.values()));
    assertThat(constants("DependencyType")).isEqualTo(names(DependencyType.values()));
    assertThat(constants("PresenceStatus")).isEqualTo(names(PresenceStatus.values()));
    assertThat(constants("OpenItems")).isEqualTo(names(OpenItems.values()));
    assertThat(constants("SyncVerdict")).isEqualTo(names(SyncVerdict.values()));
  }

  @Test
  void theSourceNamesEveryErrorCode() throws IOException {
    String source = Files.readString(Path.of("src/main/proto/flotilla/work/v1/work.proto"));
    for (FaultCode code : FaultCode.values()) {
      assertThat(source).contains(code.name());
    }
  }

  @Test
  void theJarCarriesTheSource() throws IOException {
    try (var source = WorkProto.class.getResourceAsStream("/flotilla/work/v1/work.proto")) {
      assertThat(source).isNotNull();
    }
  }

  /// `time_entry.started` is in the field `time_entry_started` of the envelope.
  private static Descriptor payload(EventKind kind) {
    String name =
        switch (kind) {
          case WORK_ITEM_PRESENCE -> "user_presence";
          case WORK_ITEM_TYPING -> "user_typing";
          default -> kind.wireName().replace('.', '_');
        };
    FieldDescriptor field = WebSocketMessage.getDescriptor().findFieldByName(name);
    return Objects.requireNonNull(field, name).getMessageType();
  }

  /// Name in the proto, and whether it is always there.
  private static Map<String, Boolean> fields(Class<?> record) {
    Map<String, Boolean> fields = new TreeMap<>();
    for (RecordComponent component : record.getRecordComponents()) {
      String path = record.getSimpleName() + "." + component.getName();
      // A list is never absent in a message.
      boolean nullable =
          component.getAnnotatedType().isAnnotationPresent(Nullable.class)
              && component.getType() != List.class;
      fields.put(RENAMED.getOrDefault(path, snake(component.getName())), !nullable);
    }
    if (record == PeopleFact.AtItem.class) {
      // The same message says who is online, and then there is no item.
      List.of("viewing_item_id", "editing_item_id", "project_id", "work_item_id")
          .forEach(name -> fields.put(name, false));
    }
    return fields;
  }

  private static Map<String, Boolean> fields(Descriptor message) {
    Map<String, Boolean> fields = new TreeMap<>();
    message
        .getFields()
        .forEach(field -> fields.put(field.getName(), !field.toProto().getProto3Optional()));
    return fields;
  }

  private static String snake(String camel) {
    return camel.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
  }

  private static Set<String> constants(String name) {
    EnumDescriptor type = WorkProto.getDescriptor().findEnumTypeByName(name);
    String prefix = snake(name).substring(1).toUpperCase(Locale.ROOT) + "_";
    Set<String> constants = new TreeSet<>();
    type.getValues().forEach(value -> constants.add(value.getName().substring(prefix.length())));
    assertThat(constants.remove("UNSPECIFIED")).isTrue();
    return constants;
  }

  private static Set<String> names(Enum<?>[] constants) {
    return Arrays.stream(constants).map(Enum::name).collect(Collectors.toCollection(TreeSet::new));
  }
}
