package dev.flotilla.wire;

import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A field of a record, for what treats all records alike. To ask a class for its fields takes far
/// longer than to read them, so each class is asked once.
public record RecordField(String name, Class<?> type, Method accessor) {
  private static final ClassValue<List<RecordField>> KNOWN =
      new ClassValue<>() {
        @Override
        protected List<RecordField> computeValue(Class<?> type) {
          return Arrays.stream(type.getRecordComponents()).map(RecordField::of).toList();
        }
      };

  /// In the order in which the record declares them.
  public static List<RecordField> of(Class<?> type) {
    return KNOWN.get(type);
  }

  private static RecordField of(RecordComponent component) {
    Method accessor = component.getAccessor();
    // The record itself may be private.
    accessor.setAccessible(true);
    return new RecordField(component.getName(), component.getType(), accessor);
  }

  public @Nullable Object get(Record owner) {
    try {
      return accessor.invoke(owner);
    } catch (ReflectiveOperationException bug) {
      throw new IllegalStateException(bug);
    }
  }
}
