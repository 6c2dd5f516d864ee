package dev.flotilla.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import dev.flotilla.work.v1.WorkProto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// Clients are built with the numbers and types of `work.proto`, so these may never change.
class WorkBaselineTest {
  private static final Path BASELINE = Path.of("src/test/resources/contract/work-v1.txt");

  @Test
  void nothingThatClientsAreBuiltWithHasChanged() throws IOException {
    assertThat(shape())
        .as("the lines of %s are for ever; new ones are added to it", BASELINE)
        .containsExactlyElementsOf(Files.readAllLines(BASELINE));
  }

  private static Set<String> shape() {
    Set<String> lines = new TreeSet<>();
    for (Descriptor message : WorkProto.getDescriptor().getMessageTypes()) {
      message.getFields().forEach(field -> lines.add(line(field)));
    }
    for (EnumDescriptor type : WorkProto.getDescriptor().getEnumTypes()) {
      type.getValues().forEach(value -> lines.add(value.getName() + " = " + value.getNumber()));
    }
    return lines;
  }

  private static String line(FieldDescriptor field) {
    String path = field.getContainingType().getName() + "." + field.getName();
    return path + " = " + field.getNumber() + " " + label(field) + type(field);
  }

  private static String label(FieldDescriptor field) {
    if (field.isRepeated()) {
      return "repeated ";
    }
    return field.toProto().getProto3Optional() ? "optional " : "";
  }

  private static String type(FieldDescriptor field) {
    return switch (field.getType()) {
      case MESSAGE -> field.getMessageType().getName();
      case ENUM -> field.getEnumType().getName();
      default -> field.getType().name().toLowerCase(Locale.ROOT);
    };
  }
}
