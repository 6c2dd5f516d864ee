package dev.flotilla.command.audit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.flotilla.contract.Command;
import dev.flotilla.contract.CommandKind;
import dev.flotilla.wire.Json;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.RecordComponent;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What of a command gets into the audit log, for every row of the table.
class PlainTest {

  @ParameterizedTest
  @EnumSource
  void noTextOfACommandIsWrittenDownUnlessItIsAnId(CommandKind kind) throws IOException {
    Command command = example(kind);
    JsonNode plain = Json.read(Plain.of((Record) command).text(), JsonNode.class);
    for (RecordComponent component : kind.params().getRecordComponents()) {
      if (component.getType() == String.class && !component.getName().equals("id")) {
        assertThat(plain.has(component.getName())).as(component.getName()).isFalse();
      }
    }
  }

  private static Command example(CommandKind kind) throws IOException {
    String file = "/contract/example/command/" + kind.method() + ".json";
    try (InputStream example =
        Objects.requireNonNull(CommandKind.class.getResourceAsStream(file), file)) {
      return Json.read(example.readAllBytes(), kind.params());
    }
  }
}
